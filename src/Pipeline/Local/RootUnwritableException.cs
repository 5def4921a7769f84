namespace DiffusionBatch.Pipeline.Local;

/// <summary>A storage root can't be written: a read-only or full disk, or missing permission. No other process has to do with it.</summary>
/// <param name="message">The root, the file, the cause and what to do.</param>
/// <param name="inner">What the operating system's refusal was thrown as.</param>
public sealed class RootUnwritableException(string message, Exception inner) : IOException(message, inner);
