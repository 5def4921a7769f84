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

/// <summary>What kind of thing went wrong with storage: what to do about it depends on this alone.</summary>
public enum StorageFailure
{
    /// <summary>It couldn't be reached, was busy or timed out: the same call may succeed later.</summary>
    Unavailable,

    /// <summary>The account, key or permission doesn't let us: nothing will change that but its owner.</summary>
    Denied,

    /// <summary>There is no room left for what was to be written: nothing will change that but its owner.</summary>
    Full,

    /// <summary>The call itself is wrong; a defect here.</summary>
    Invalid,
}
