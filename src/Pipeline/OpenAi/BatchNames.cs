using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace DiffusionBatch.Pipeline.OpenAi;

/// <summary>Ids and paths of the OpenAI-shaped door. Its files and its jobs' folders lie in one folder of the storage root.</summary>
internal static class BatchNames
{
    /// <summary>The folder.</summary>
    public const string Folder = "openai";

    /// <summary>A new file's id.</summary>
    public static string NewFile(DateTimeOffset now) => "file-" + Guid.CreateVersion7(now).ToString("N");

    /// <summary>A new batch's id.</summary>
    public static string NewBatch(DateTimeOffset now) => "batch_" + Guid.CreateVersion7(now).ToString("N");

    /// <summary>
    /// The id of what a batch writes: it hangs on nothing but the batch and the time, so that a second attempt writes the same file.
    /// </summary>
    public static string Written(string batch, string what, DateTimeOffset at) =>
        string.Create(CultureInfo.InvariantCulture, $"file-{at.ToUnixTimeMilliseconds():x12}") + Digest($"{batch} {what}")[..20];

    /// <summary>Where a file lies.</summary>
    public static string File(string id) => $"{Folder}/files/{id}.jsonl";

    /// <summary>The folder of a batch's inputs and results.</summary>
    public static string Batch(string batch) => $"{Folder}/batches/{batch}";

    /// <summary>What a batch's check found out.</summary>
    public static string Plan(string batch) => Batch(batch) + "/plan.json";

    /// <summary>The batch's requests with the jobs that answer them.</summary>
    public static string Lines(string batch) => Batch(batch) + "/requests.jsonl";

    /// <summary>The name of a group's job, or of the batch's pipeline.</summary>
    public static string Job(string batch, int? group = null) =>
        string.Create(CultureInfo.InvariantCulture, $"{batch.Replace('_', '-')}")
            + (group is { } g ? string.Create(CultureInfo.InvariantCulture, $"-{g + 1:D3}") : "");

    /// <summary>A group's input.</summary>
    public static string Input(string batch, int group) =>
        string.Create(CultureInfo.InvariantCulture, $"{Batch(batch)}/input-{group + 1:D3}.jsonl");

    /// <summary>A group's results.</summary>
    public static string Output(string batch, int group) =>
        string.Create(CultureInfo.InvariantCulture, $"{Batch(batch)}/results-{group + 1:D3}");

    /// <summary>The id of a request's line in the files, and of the request itself: 32 hexadecimal digits.</summary>
    public static string Request(string batch, string customId) => Digest($"{batch}\n{customId}")[..32];

    static string Digest(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
