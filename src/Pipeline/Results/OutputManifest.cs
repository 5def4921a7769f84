using System.Text.Json;
using System.Text.Json.Serialization;

namespace DiffusionBatch.Pipeline.Results;

/// <summary><c>OUTPUT/manifest.json</c>: whose an output folder is, and how far it has come.</summary>
public sealed record OutputManifest
{
    /// <summary>The file's name inside an output folder.</summary>
    public const string FileName = "manifest.json";

    /// <summary>The folder inside an output for work in progress; gone once the job is finished.</summary>
    public const string WorkFolder = ".dbatch";

    static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The fingerprint that the folder belongs to.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>The job's state, by its name.</summary>
    public required string State { get; init; }

    /// <summary><c>finetune</c>, <c>sample</c> or <c>evaluate</c>.</summary>
    public string? Kind { get; init; }

    /// <summary>The items' counts; null while they aren't known, and where a job has none.</summary>
    public ItemCounts? Items { get; init; }

    /// <summary>The cells of a sampling job.</summary>
    public IReadOnlyList<CellRecord>? Cells { get; init; }

    /// <summary>The job that writes it, by its id.</summary>
    public string? Job { get; init; }

    /// <summary>When work on it first began, UTC.</summary>
    public DateTimeOffset StartedAt { get; init; }

    /// <summary>When it was finished, UTC, or null.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>Why it failed, or null.</summary>
    public string? Error { get; init; }

    /// <summary>What the user should know although all went well.</summary>
    public IReadOnlyList<string>? Warnings { get; init; }

    /// <summary>What computed the results, each machine's kernels by their name: kernels of one name give the same bits.</summary>
    public IReadOnlyList<string>? Kernels { get; init; }

    /// <summary>What the fingerprint was made of: a hash for the manifest and for each path read.</summary>
    public IReadOnlyDictionary<string, string>? Sources { get; init; }

    /// <summary>Reads an output folder's manifest; null where there's none, or one that no job wrote.</summary>
    public static OutputManifest? Read(string folder)
    {
        string path = Path.Combine(folder, FileName);
        return File.Exists(path) ? Parse(File.ReadAllBytes(path)) : null;
    }

    /// <summary>Reads a manifest's bytes; null where no job wrote them.</summary>
    public static OutputManifest? Parse(byte[] json)
    {
        try
        {
            return JsonSerializer.Deserialize<OutputManifest>(json, s_json);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Its bytes.</summary>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, s_json);

    /// <summary>Writes it to an output folder: whole, or not at all.</summary>
    public void Write(string folder) =>
        AtomicFile.Write(Path.Combine(folder, FileName), stream => JsonSerializer.Serialize(stream, this, s_json));
}
