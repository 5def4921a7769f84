namespace DiffusionBatch.Pipeline.Storage.Blobs;

/// <summary>What became of a write.</summary>
/// <param name="Outcome">Whether it happened.</param>
/// <param name="Tag">The new entity tag; null where nothing was written.</param>
public readonly record struct BlobWrite(BlobOutcome Outcome, string? Tag)
{
    /// <summary>True where the write happened.</summary>
    public bool Succeeded => Outcome == BlobOutcome.Written;
}
