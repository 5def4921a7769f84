using System.Globalization;

namespace DiffusionBatch.Pipeline.Storage.Blobs;

/// <summary>A lease as a file that names its holder and its end.</summary>
internal sealed class FolderBlobLease(FolderStoreFiles files, string name, TimeSpan duration, TimeProvider time) : IBlobLease
{
    readonly string _holder = Guid.NewGuid().ToString("N");

    /// <inheritdoc/>
    public async Task<bool> RenewAsync(CancellationToken cancellationToken)
    {
        using FileStream held = await files.LockAsync(cancellationToken);
        string path = files.Lease(name);
        DateTimeOffset now = time.GetUtcNow();
        // One's own lapsed lease may be renewed as long as nobody took it, as in Azure.
        if (Read(path) is { } lease && lease.Holder != _holder && lease.End > now) return false;
        File.WriteAllText(path, string.Create(CultureInfo.InvariantCulture, $"{_holder} {(now + duration).UtcTicks}"));
        return true;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        using FileStream held = await files.LockAsync(CancellationToken.None);
        string path = files.Lease(name);
        if (Read(path)?.Holder == _holder) File.Delete(path);
    }

    static (string Holder, DateTimeOffset End)? Read(string path)
    {
        if (!File.Exists(path)) return null;
        string[] parts = File.ReadAllText(path).Split(' ');
        return parts.Length == 2 && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out long ticks)
            ? (parts[0], new DateTimeOffset(ticks, TimeSpan.Zero))
            : null;
    }
}
