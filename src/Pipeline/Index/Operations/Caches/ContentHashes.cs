using DiffusionBatch.Contracts.Fields;
using DiffusionBatch.Pipeline.Manifests;

namespace DiffusionBatch.Pipeline.Index.Operations;

/// <summary>Hashes of files in the version that they were read in.</summary>
internal static class ContentHashes
{
    const string Save = """
        insert into content_hashes (path, etag, sha256) values (@path, @etag, @sha256)
        on conflict (path) do update set etag = excluded.etag, sha256 = excluded.sha256
        """;

    public static Task<string?> GetAsync(IndexSession session, string path, string etag) =>
        session.ScalarAsync<string>("select sha256 from content_hashes where path = @path and etag = @etag", new { path, etag });

    public static Task<int> SaveAsync(IndexSession session, string path, string etag, string sha256) => session.ExecuteAsync(Save, new { path, etag, sha256 });
}

/// <summary>Measured speeds.</summary>
internal static class Speeds
{
    const string Add = """
        insert into speeds (kind, model_key, units, seconds, jobs, updated_at) values (@kind, @ModelKey, @Units, @Seconds, 1, @now)
        on conflict (kind, model_key) do update
        set units = speeds.units / 2 + excluded.units, seconds = speeds.seconds / 2 + excluded.seconds, jobs = speeds.jobs + 1, updated_at = excluded.updated_at
        """;

    const string Select = """
        select units / seconds as UnitsPerSecond, jobs as Jobs, updated_at as UpdatedAt
        from speeds where kind = @kind and model_key = @modelKey and seconds > 0
        """;

    public static Task<int> AddAsync(IndexSession session, JobRow job, SpeedSample speed) =>
        session.ExecuteAsync(Add, new { kind = EnumText.Of(job.Kind), speed.ModelKey, speed.Units, speed.Seconds, now = session.Now });

    public static Task<SpeedRow?> GetAsync(IndexSession session, string kind, string modelKey) => session.FirstAsync<SpeedRow>(Select, new { kind, modelKey });
}
