namespace DiffusionBatch.Pipeline.Local;

/// <summary>Another process runs jobs on the same storage root.</summary>
/// <param name="message">Who holds the root, and what to do.</param>
public sealed class RootInUseException(string message) : Exception(message);
