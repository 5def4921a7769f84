using DiffusionBatch.Contracts;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Storage.Blobs;

namespace DiffusionBatch.Pipeline.Roots;

/// <summary>A root that is a folder of another.</summary>
internal interface IPlacedStore
{
    /// <summary>Where it is in the other, with the slash at its end.</summary>
    string Place { get; }
}

/// <summary>
/// The storage root as a tenant has it: a folder of the pipeline's own in the container. The default tenant's is the container.
/// </summary>
public static class TenantRoots
{
    /// <summary>A tenant's root.</summary>
    public static IBlobStore For(this IBlobStore store, Tenant tenant) => tenant.IsDefault ? store
        : store is ILocalStore local ? new LocalTenantStore(store, local, tenant) : new TenantStore(store, tenant);

    /// <summary>What was found out about a tenant's files.</summary>
    public static ICacheIndex For(this ICacheIndex index, Tenant tenant) => tenant.IsDefault ? index : new TenantCaches(index, tenant);

    // The pipeline's own blobs lie where they lie for all: they are named by the ids of jobs, which no two tenants share.
    static string Full(Tenant tenant, string name) => RootNames.IsInternal(name) ? name : RootNames.Tenant(tenant) + name;

    class TenantStore(IBlobStore store, Tenant tenant) : IBlobStore, IPlacedStore
    {
        public string Place => RootNames.Tenant(tenant);

        public async Task<BlobEntry?> FindAsync(string name, CancellationToken cancellationToken) =>
            await store.FindAsync(Full(tenant, name), cancellationToken) is { } entry ? entry with { Name = name } : null;

        public Task<Stream?> OpenReadAsync(string name, long offset, CancellationToken cancellationToken) =>
            store.OpenReadAsync(Full(tenant, name), offset, cancellationToken);

        public Task<BlobWrite> WriteAsync(string name, Stream content, BlobCondition condition, CancellationToken cancellationToken) =>
            store.WriteAsync(Full(tenant, name), content, condition, cancellationToken);

        public Task StageAsync(string name, string block, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
            store.StageAsync(Full(tenant, name), block, content, cancellationToken);

        public Task<BlobWrite> CommitAsync(string name, IReadOnlyList<string> blocks, BlobCondition condition,
            CancellationToken cancellationToken) =>
            store.CommitAsync(Full(tenant, name), blocks, condition, cancellationToken);

        public Task<bool> DeleteAsync(string name, BlobCondition condition, CancellationToken cancellationToken) =>
            store.DeleteAsync(Full(tenant, name), condition, cancellationToken);

        public async IAsyncEnumerable<BlobEntry> ListAsync(
            string prefix, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
        {
            string full = Full(tenant, prefix);
            await foreach (BlobEntry entry in store.ListAsync(full, cancellationToken))
                yield return entry with { Name = prefix + entry.Name[full.Length..] };
        }

        public Task<IBlobLease?> LeaseAsync(string name, TimeSpan duration, CancellationToken cancellationToken) =>
            store.LeaseAsync(Full(tenant, name), duration, cancellationToken);
    }

    sealed class LocalTenantStore(IBlobStore store, ILocalStore local, Tenant tenant) : TenantStore(store, tenant), ILocalStore
    {
        readonly Tenant _tenant = tenant;

        public string Locate(string name) => local.Locate(Full(_tenant, name));
    }

    sealed class TenantCaches(ICacheIndex index, Tenant tenant) : ICacheIndex
    {
        public Task<SpeedRow?> SpeedAsync(string kind, string modelKey, CancellationToken cancellationToken = default) =>
            index.SpeedAsync(kind, modelKey, cancellationToken);

        public Task<string?> HashAsync(string path, string etag, CancellationToken cancellationToken = default) =>
            index.HashAsync(Full(tenant, path), etag, cancellationToken);

        public Task SaveHashAsync(string path, string etag, string sha256, CancellationToken cancellationToken = default) =>
            index.SaveHashAsync(Full(tenant, path), etag, sha256, cancellationToken);
    }
}
