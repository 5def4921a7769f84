namespace DiffusionBatch.Functions.Files;

/// <summary>Media types by a file's extension; what isn't known is plain bytes, so that a browser runs nothing.</summary>
internal static class MediaTypes
{
    public static string Of(string path) => Path.GetExtension(path).ToLowerInvariant() switch
    {
        ".json" => "application/json",
        ".jsonl" => "application/x-ndjson",
        ".csv" => "text/csv",
        ".txt" => "text/plain; charset=utf-8",
        ".yaml" or ".yml" => "application/yaml",
        ".html" => "text/html; charset=utf-8",
        _ => "application/octet-stream",
    };
}
