using DiffusionBatch.Functions.Problems;
using DiffusionBatch.Pipeline.Hosting;

namespace DiffusionBatch.Functions.Files;

/// <summary>
/// A file that is being written, as its tenant's quota counts it: with the length that it is said to have until it is there, then with its
/// own; as before where it isn't written.
/// </summary>
internal sealed class UploadCount : IAsyncDisposable
{
    readonly TenantPipeline _mine;
    readonly string _path;
    readonly long? _before;

    UploadCount(TenantPipeline mine, string path, long? before) => (_mine, _path, _before) = (mine, path, before);

    /// <summary>Its length, once it is written.</summary>
    public long? Written { get; set; }

    /// <summary>Begins to count it.</summary>
    /// <exception cref="ApiException">411: there is a quota, and the length isn't told.</exception>
    /// <exception cref="Pipeline.Index.QuotaExceededException">There is no room for it.</exception>
    public static async Task<UploadCount> BeginAsync(TenantPipeline mine, string path, long? length, CancellationToken cancellationToken)
    {
        if (length is null && await mine.Quotas.GetAsync(mine.Tenant, cancellationToken) is { Quota.MostBytes: not null })
            throw Refuse.NoLength();
        return new UploadCount(mine, path, await mine.Quotas.ReserveAsync(mine.Tenant, path, length ?? 0, cancellationToken));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() =>
        await _mine.Quotas.SettleAsync(_mine.Tenant, _path, Written ?? _before, CancellationToken.None);
}
