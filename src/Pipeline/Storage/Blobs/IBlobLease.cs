namespace DiffusionBatch.Pipeline.Storage.Blobs;

/// <summary>A lease that is held. Disposing gives it back.</summary>
public interface IBlobLease : IAsyncDisposable
{
    /// <summary>Holds it for its duration anew; false where it lapsed and someone else has it.</summary>
    Task<bool> RenewAsync(CancellationToken cancellationToken);
}
