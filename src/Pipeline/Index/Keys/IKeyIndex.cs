using DiffusionBatch.Contracts;

namespace DiffusionBatch.Pipeline.Index;

/// <summary>Tenants' keys, by their hashes: what a key is can't be told from the index.</summary>
public interface IKeyIndex
{
    /// <summary>Enters a key; false: its tenant has one of that name.</summary>
    Task<bool> AddAsync(KeyRow key, CancellationToken cancellationToken = default);

    /// <summary>The key that has a hash, or null.</summary>
    Task<KeyRow?> FindAsync(string hash, CancellationToken cancellationToken = default);

    /// <summary>A key, or null.</summary>
    Task<KeyRow?> GetAsync(string id, CancellationToken cancellationToken = default);

    /// <summary>All keys, the oldest first.</summary>
    Task<IReadOnlyList<KeyRow>> ListAsync(CancellationToken cancellationToken = default);

    /// <summary>Removes a key, which opens nothing from then on; false: there is none.</summary>
    Task<bool> RemoveAsync(string id, CancellationToken cancellationToken = default);
}

/// <summary>A key's row.</summary>
public sealed record KeyRow
{
    /// <summary>Its id, ordered in time.</summary>
    public required string Id { get; init; }

    /// <summary>Whose it is.</summary>
    public Tenant Tenant
    {
        get => Tenant.Of(TenantName);
        init => TenantName = value.Value;
    }

    /// <summary>Its name, unique in the tenant.</summary>
    public required string Name { get; init; }

    /// <summary>What it lets its holder do.</summary>
    public KeyRole Role { get; init; }

    /// <summary>The SHA-256 of the key, hexadecimal.</summary>
    public required string Hash { get; init; }

    /// <summary>When it was made; set by the index.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    internal string TenantName { get; init; } = "";
}
