namespace DiffusionBatch.Pipeline.Index;

/// <summary>The index's database couldn't be reached, or was busy, for longer than calls are retried. Nothing of the call was kept, or all of it.</summary>
/// <param name="message">What was tried and for how long.</param>
/// <param name="inner">What the database's client threw last.</param>
public sealed class IndexUnavailableException(string message, Exception? inner = null) : IOException(message, inner);
