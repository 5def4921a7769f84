namespace DiffusionBatch.Pipeline.Storage.Blobs;

/// <summary>How a conditional write ended. Losing a race is a normal outcome, not an exception.</summary>
public enum BlobOutcome
{
    /// <summary>It was written.</summary>
    Written,

    /// <summary>It should have been new, and was there already: nothing was changed.</summary>
    Exists,

    /// <summary>It should have been as it was read, and is another by now, or gone: nothing was changed.</summary>
    Changed,
}
