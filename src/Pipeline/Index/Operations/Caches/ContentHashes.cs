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
