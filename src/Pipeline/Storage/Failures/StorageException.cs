namespace DiffusionBatch.Pipeline.Storage;

/// <summary>Storage failed in a way that isn't a normal outcome. The one exception that stores and queues throw.</summary>
public sealed class StorageException : IOException
{
    /// <summary>A failure.</summary>
    /// <param name="failure">Its kind.</param>
    /// <param name="message">What was tried and what went wrong.</param>
    /// <param name="inner">What the backend threw.</param>
    public StorageException(StorageFailure failure, string message, Exception? inner = null)
        : base(message, inner) => Failure = failure;

    /// <summary>Its kind.</summary>
    public StorageFailure Failure { get; }
}
