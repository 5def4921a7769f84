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
