namespace DiffusionBatch.Pipeline.Storage.Blobs;

/// <summary>
/// Blobs by name: what jobs read and write. A blob appears whole or not at all; a reader sees one version from its
/// first byte to its last. Every backend passes the same compliance suite.
/// </summary>
public interface IBlobStore
{
    /// <summary>A blob's entry, or null where there is none.</summary>
    Task<BlobEntry?> FindAsync(string name, CancellationToken cancellationToken);

    /// <summary>Opens a blob for reading from <paramref name="offset"/> on, or null where there is none.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="offset"/> is negative or beyond the blob's end.</exception>
    Task<Stream?> OpenReadAsync(string name, long offset, CancellationToken cancellationToken);

    /// <summary>Writes a blob from a stream of any length; nothing half-written is ever seen.</summary>
    Task<BlobWrite> WriteAsync(string name, Stream content, BlobCondition condition, CancellationToken cancellationToken);

    /// <summary>
    /// Stages a block of a blob that is committed later; unseen until then, and dropped after a week. Give blocks of
    /// different attempts different ids: two writers under one id would overwrite each other.
    /// </summary>
    /// <param name="name">The blob.</param>
    /// <param name="block">The block's id: 1 to 64 characters, of one length for all blocks of a blob.</param>
    /// <param name="content">Its bytes.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task StageAsync(string name, string block, ReadOnlyMemory<byte> content, CancellationToken cancellationToken);

    /// <summary>Makes a blob of staged blocks, in the order given, and drops the blob's other staged blocks.</summary>
    /// <exception cref="StorageException">A block isn't staged (<see cref="StorageFailure.Invalid"/>).</exception>
    Task<BlobWrite> CommitAsync(string name, IReadOnlyList<string> blocks, BlobCondition condition, CancellationToken cancellationToken);

    /// <summary>Deletes a blob. False where there was none, or one that doesn't meet the condition.</summary>
    Task<bool> DeleteAsync(string name, BlobCondition condition, CancellationToken cancellationToken);

    /// <summary>The blobs whose names start with <paramref name="prefix"/>, in ordinal order; "" for all.</summary>
    IAsyncEnumerable<BlobEntry> ListAsync(string prefix, CancellationToken cancellationToken);

    /// <summary>
    /// Takes a lease under a name, for work that only one process may do at a time. Null while another holds it.
    /// It lapses by itself when it isn't renewed.
    /// </summary>
    /// <param name="name">What is leased; it needn't be a blob that exists.</param>
    /// <param name="duration">15 to 60 seconds.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<IBlobLease?> LeaseAsync(string name, TimeSpan duration, CancellationToken cancellationToken);
}

/// <summary>A store whose blobs are files of this machine: who only reads them needs no copy.</summary>
public interface ILocalStore
{
    /// <summary>Where a blob's file is, or would be.</summary>
    string Locate(string name);
}

/// <summary>A blob as a listing shows it.</summary>
/// <param name="Name">Its name: relative, with `/`.</param>
/// <param name="Length">Its size in bytes.</param>
/// <param name="Tag">Its entity tag: another one after each write.</param>
/// <param name="ModifiedAt">When it was last written, UTC.</param>
public sealed record BlobEntry(string Name, long Length, string Tag, DateTimeOffset ModifiedAt);

/// <summary>What must hold for a write to happen: nothing, that the blob is new, or that it is as it was read.</summary>
public readonly record struct BlobCondition
{
    BlobCondition(bool absent, string? tag) => (IsAbsent, Tag) = (absent, tag);

    /// <summary>Writes whatever is there.</summary>
    public static BlobCondition None => default;

    /// <summary>Creates once: the write happens only where there is no such blob (If-None-Match: *).</summary>
    public static BlobCondition Absent => new(true, null);

    /// <summary>True for <see cref="Absent"/>.</summary>
    public bool IsAbsent { get; }

    /// <summary>The entity tag that the blob must have, or null.</summary>
    public string? Tag { get; }

    /// <summary>Compares and swaps: the write happens only while the blob has that tag (If-Match).</summary>
    public static BlobCondition Matches(string tag) => new(false, tag);
}

/// <summary>What became of a write.</summary>
/// <param name="Outcome">Whether it happened.</param>
/// <param name="Tag">The new entity tag; null where nothing was written.</param>
public readonly record struct BlobWrite(BlobOutcome Outcome, string? Tag)
{
    /// <summary>True where the write happened.</summary>
    public bool Succeeded => Outcome == BlobOutcome.Written;
}

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

/// <summary>A lease that is held. Disposing gives it back.</summary>
public interface IBlobLease : IAsyncDisposable
{
    /// <summary>Holds it for its duration anew; false where it lapsed and someone else has it.</summary>
    Task<bool> RenewAsync(CancellationToken cancellationToken);
}
