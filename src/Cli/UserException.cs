namespace DiffusionBatch.Cli;

/// <summary>Bad input that has a one-line message for the user; <c>dbatch</c> ends with exit code 2.</summary>
internal sealed class UserException(string message) : Exception(message);
