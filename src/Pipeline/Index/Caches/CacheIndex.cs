using DiffusionBatch.Contracts.Fields;
using DiffusionBatch.Pipeline.Manifests;

namespace DiffusionBatch.Pipeline.Index;

/// <summary>Hashes of files in the version that they were read in, and measured speeds, in SQL.</summary>
internal sealed class CacheIndex(IndexDatabase database) : ICacheIndex
{
    const string Hash = "select sha256 from content_hashes where path = @path and etag = @etag";

    const string SaveHash = """
        insert into content_hashes (path, etag, sha256) values (@path, @etag, @sha256)
        on conflict (path) do update set etag = excluded.etag, sha256 = excluded.sha256
        """;

    const string Speed = """
        select units / seconds as UnitsPerSecond, jobs as Jobs, updated_at as UpdatedAt
        from speeds where kind = @kind and model_key = @modelKey and seconds > 0
        """;

    const string AddSpeed = """
        insert into speeds (kind, model_key, units, seconds, jobs, updated_at) values (@kind, @ModelKey, @Units, @Seconds, 1, @now)
        on conflict (kind, model_key) do update
        set units = speeds.units / 2 + excluded.units, seconds = speeds.seconds / 2 + excluded.seconds, jobs = speeds.jobs + 1,
            updated_at = excluded.updated_at
        """;

    /// <inheritdoc/>
    public Task<SpeedRow?> SpeedAsync(string kind, string modelKey, CancellationToken cancellationToken = default) =>
        database.ReadAsync(s => s.FirstAsync<SpeedRow>(Speed, new { kind, modelKey }), cancellationToken);

    /// <inheritdoc/>
    public Task<string?> HashAsync(string path, string etag, CancellationToken cancellationToken = default) =>
        database.ReadAsync(s => s.ScalarAsync<string>(Hash, new { path, etag }), cancellationToken);

    /// <inheritdoc/>
    public Task SaveHashAsync(string path, string etag, string sha256, CancellationToken cancellationToken = default) =>
        database.WriteAsync(s => s.ExecuteAsync(SaveHash, new { path, etag, sha256 }), cancellationToken);

    /// <summary>Enters what was measured with a job, as it ends.</summary>
    public static Task<int> AddSpeedAsync(IndexSession session, JobRow job, SpeedSample speed) =>
        session.ExecuteAsync(AddSpeed, new { kind = EnumText.Of(job.Kind), speed.ModelKey, speed.Units, speed.Seconds, now = session.Now });
}
