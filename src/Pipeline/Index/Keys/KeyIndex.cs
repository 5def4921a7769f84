using DiffusionBatch.Contracts.Fields;

namespace DiffusionBatch.Pipeline.Index;

/// <summary>See <see cref="IKeyIndex"/>.</summary>
internal sealed class KeyIndex(IndexDatabase database) : IKeyIndex
{
    const string Select = """
        select k.id as Id, k.tenant as TenantName, k.name as Name, k.role as Role, k.hash as Hash, k.created_at as CreatedAt from keys k
        """;

    const string Insert = """
        insert into keys (id, tenant, name, role, hash, created_at) values (@Id, @owner, @Name, @role, @Hash, @now) on conflict do nothing
        """;

    /// <inheritdoc/>
    public Task<bool> AddAsync(KeyRow key, CancellationToken cancellationToken = default) => database.WriteAsync(
        async s => await s.ExecuteAsync(
                Insert, new { key.Id, owner = s.Tenant ?? key.TenantName, key.Name, role = EnumText.Of(key.Role), key.Hash, now = s.Now })
                    == 1
            // An earlier try of this call entered it.
            || (s.Retried && await GetAsync(s, key.Id) is not null),
        cancellationToken);

    /// <inheritdoc/>
    public Task<KeyRow?> FindAsync(string hash, CancellationToken cancellationToken = default) =>
        database.ReadAsync(s => s.FirstAsync<KeyRow>(Select + " where k.hash = @hash" + s.Own("k.tenant"), new { hash }),
            cancellationToken);

    /// <inheritdoc/>
    public Task<KeyRow?> GetAsync(string id, CancellationToken cancellationToken = default) =>
        database.ReadAsync(s => GetAsync(s, id), cancellationToken);

    static Task<KeyRow?> GetAsync(IndexSession session, string id) =>
        session.FirstAsync<KeyRow>(Select + " where k.id = @id" + session.Own("k.tenant"), new { id });

    /// <inheritdoc/>
    public Task<IReadOnlyList<KeyRow>> ListAsync(CancellationToken cancellationToken = default) =>
        database.ReadAsync(s => s.ListAsync<KeyRow>(Select + " where 1 = 1" + s.Own("k.tenant") + " order by k.id"), cancellationToken);

    /// <inheritdoc/>
    public Task<bool> RemoveAsync(string id, CancellationToken cancellationToken = default) => database.WriteAsync(
        async s => await s.ExecuteAsync("delete from keys where id = @id" + s.Own("tenant"), new { id }) == 1
            || s.Retried, cancellationToken);
}
