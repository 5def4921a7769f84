using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using DiffusionBatch.Contracts;
using DiffusionBatch.Contracts.Fields;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Pipeline.Models;
using DiffusionBatch.Pipeline.Problems;

namespace DiffusionBatch.Pipeline.OpenAi;

/// <summary>
/// The jobs that a batch's requests become: those of one model, sampler and seed go into one job, as its input's lines in the order of
/// the batch. The inputs are written into a folder of this machine.
/// </summary>
/// <param name="batch">The batch's id.</param>
/// <param name="folder">The folder.</param>
internal sealed class BatchGroups(string batch, string folder) : IDisposable
{
    /// <summary>The most jobs of one batch.</summary>
    public const int Most = 200;

    static readonly JsonSerializerOptions s_json =
        new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    readonly Dictionary<string, Group> _groups = new(StringComparer.Ordinal);
    readonly Dictionary<string, (SweepCell<SamplerSettings>? Cell, RequestRefusal? Refusal)> _samplers = new(StringComparer.Ordinal);
    readonly List<Group> _ordered = [];

    /// <summary>The jobs in the order in which they were first asked for.</summary>
    public IReadOnlyList<PlannedGroup> All =>
        [.. _ordered.Select((g, i) => new PlannedGroup(BatchNames.Job(batch, i), g.Cell.Name, g.Cell.Settings.Steps))];

    /// <summary>Whether there are more jobs than one batch may have.</summary>
    public bool TooMany => _ordered.Count > Most;

    /// <summary>Adds a request to the jobs that answer it.</summary>
    /// <returns>Their places, one a choice.</returns>
    /// <exception cref="RequestRefusedException">Its sampler can't be.</exception>
    public IReadOnlyList<int> Add(string id, ModelView model, RequestBody body)
    {
        string sampler = Canonical(body.Sampler);
        if (!_samplers.TryGetValue(sampler, out var known)) _samplers[sampler] = known = Check(body);
        if (known.Refusal is { } refusal) throw new RequestRefusedException(refusal);
        var line = new JsonObject { ["id"] = id };
        if (body.PromptIds is { } ids) line["promptIds"] = new JsonArray([.. ids.Select(i => (JsonNode)i)]);
        else line["source"] = body.Prompt;
        if (body.MaxTokens is { } length) line["length"] = length;
        string text = line.ToJsonString(s_json);
        var places = new List<int>();
        for (int choice = 0; choice < body.Choices; choice++)
        {
            Group group = Of(model, body.Sampler, sampler, body.Seed + choice, known.Cell!);
            if (TooMany) return places;
            group.Input.WriteLine(text);
            places.Add(group.Place);
        }
        return places;
    }

    /// <summary>The input files, complete, in the order of the jobs.</summary>
    public IReadOnlyList<string> Close()
    {
        foreach (Group group in _ordered) group.Input.Dispose();
        return [.. _ordered.Select(g => g.File)];
    }

    /// <summary>The manifest of all jobs: one job's own, or a pipeline; null where there are none.</summary>
    public JsonObject? Manifest()
    {
        JsonObject[] jobs = [.. _ordered.Select(g => SamplerText.Manifest(
            g.Sampler, g.Seed, BatchNames.Job(batch, g.Place), g.Model.Folder, BatchNames.Input(batch, g.Place),
            BatchNames.Output(batch, g.Place)))];
        return jobs.Length switch
        {
            0 => null,
            1 => jobs[0],
            _ => new JsonObject { ["kind"] = "pipeline", ["name"] = BatchNames.Job(batch), ["jobs"] = new JsonArray(jobs) },
        };
    }

    /// <inheritdoc/>
    public void Dispose() => Close();

    Group Of(ModelView model, JsonObject sampler, string canonical, long seed, SweepCell<SamplerSettings> cell)
    {
        string key = string.Create(CultureInfo.InvariantCulture, $"{model.Folder}\n{seed}\n{canonical}");
        if (_groups.TryGetValue(key, out Group? group)) return group;
        string file = Path.Combine(folder, $"{_ordered.Count}.jsonl");
        group = new Group(_ordered.Count, model, (JsonObject)sampler.DeepClone(), seed, cell, file,
            new StreamWriter(file, false, new UTF8Encoding(false)) { NewLine = "\n" });
        _ordered.Add(group);
        return _groups[key] = group;
    }

    // The problem at a manifest's field, as one of the request's parameter.
    static (SweepCell<SamplerSettings>?, RequestRefusal?) Check(RequestBody body)
    {
        (SweepCell<SamplerSettings>? cell, IReadOnlyList<Problem> problems) = SamplerText.Read(body.Sampler, body.Seed);
        if (cell is not null) return (cell, null);
        string param = problems[0].Pointer switch
        {
            "/sampler/topP" => "top_p",
            { } pointer when pointer.StartsWith("/sampler", StringComparison.Ordinal) =>
                "diffusion" + pointer["/sampler".Length..].Replace('/', '.'),
            _ => "diffusion",
        };
        return (null,
            RequestRefusal.Invalid($"Invalid '{param}': {string.Join("; ", problems.Select(p => p.Message))}.", param, "invalid_value"));
    }

    // Objects that say the same are one text.
    static string Canonical(JsonNode? node) => node is JsonObject record
        ? "{" + string.Join(',', record.OrderBy(f => f.Key, StringComparer.Ordinal)
            .Select(f => JsonSerializer.Serialize(f.Key) + ":" + Canonical(f.Value))) + "}"
        : node?.ToJsonString() ?? "null";

    sealed record Group(int Place, ModelView Model, JsonObject Sampler, long Seed, SweepCell<SamplerSettings> Cell, string File,
        StreamWriter Input);
}
