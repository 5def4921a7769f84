using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using DiffusionBatch.Contracts;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Manifests;
using DiffusionBatch.Pipeline.Results;
using DiffusionBatch.Pipeline.Storage.Blobs;
using DiffusionBatch.Pipeline.Submitting;

namespace DiffusionBatch.Pipeline.Exporting;

/// <summary>
/// Makes tables of what jobs wrote: of sample jobs their results, of pipelines those of their sample jobs, of evaluations the predictions
/// with each item's scores.
/// </summary>
public sealed class ResultExport(IBlobStore store, IJobIndex index, JobResults results)
{
    /// <summary>A job's table; null where its kind has none (a finetune).</summary>
    public async Task<ExportTable?> OpenAsync(JobRow job, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(job);
        if (job.Kind == JobKind.Evaluate) return await EvaluationAsync(job, cancellationToken);
        IReadOnlyList<JobRow> samples =
            [.. (job.Kind == JobKind.Pipeline
                ? await index.ChildrenAsync(job.Id, cancellationToken)
                : [job]).Where(j => j.Kind == JobKind.Sample)];
        return samples.Count == 0
            ? null
            : new ExportTable([], SamplesAsync(samples, cancellationToken), samples.All(j => j.State.IsFinished()));
    }

    async IAsyncEnumerable<ExportRow> SamplesAsync(IReadOnlyList<JobRow> jobs, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (JobRow job in jobs)
        {
            if (!await results.AreThereAsync(job, cancellationToken)) continue;
            foreach (string cell in JobResults.Cells(job))
                foreach (string part in await results.PartsAsync(job, cell, cancellationToken))
                    await foreach (string line in LinesAsync(part, cancellationToken))
                        if (RowOf(job.Id, cell, line) is { } row) yield return row;
        }
    }

    async Task<ExportTable> EvaluationAsync(JobRow job, CancellationToken cancellationToken)
    {
        var manifest = (EvaluateManifest)job.ReadManifest();
        string scores = $"{job.Output}/{ItemScores.FileName}";
        bool there = job.State.IsFinished() && await results.AreThereAsync(job, cancellationToken);
        ItemScores? first = null;
        await foreach (string line in there ? LinesAsync(scores, cancellationToken) : NoneAsync())
        {
            first = ItemScores.Parse(line);
            break;
        }
        IReadOnlyList<string> metrics = first is null ? [] : [.. first.Metrics.Select(m => m.Key)];
        return new ExportTable(metrics, there ? ScoredAsync(job, manifest, scores, metrics, cancellationToken) : Empty(), there);
    }

    // Scores stand in the order in which the predictions were read, so that the two are walked side by side.
    async IAsyncEnumerable<ExportRow> ScoredAsync(
        JobRow job, EvaluateManifest manifest, string file, IReadOnlyList<string> metrics,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        IReadOnlyDictionary<string, IReadOnlyList<string>> cells = await CellsAsync(manifest.Predictions, cancellationToken);
        await using IAsyncEnumerator<string> scores = LinesAsync(file, cancellationToken).GetAsyncEnumerator(cancellationToken);
        ItemScores? next = await NextAsync(scores);
        var done = new HashSet<string>(StringComparer.Ordinal);
        while (next is not null && done.Add(next.Cell))
        {
            string cell = next.Cell;
            foreach (string part in cells.GetValueOrDefault(cell, []))
                await foreach (string line in LinesAsync(part, cancellationToken))
                {
                    if (RowOf(job.Id, cell, line) is not { } row) continue;
                    bool scored = next is not null && next.Cell == cell && next.Id == row.Id;
                    yield return row with { Metrics = [.. metrics.Select(name => scored ? next!.Of(name) : null)] };
                    if (scored) next = await NextAsync(scores);
                }
        }
        // An evaluation of an older version has no scores of its items.
        foreach (string cell in cells.Keys.Where(cell => done.Count == 0).Order(StringComparer.Ordinal))
            foreach (string part in cells[cell])
                await foreach (string line in LinesAsync(part, cancellationToken))
                    if (RowOf(job.Id, cell, line) is { } row) yield return row;
    }

    // The files of predictions by their cells: those of a folder's folders, those of a folder, or one file.
    async Task<IReadOnlyDictionary<string, IReadOnlyList<string>>> CellsAsync(string path, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(path, cancellationToken) is not null)
            return new Dictionary<string, IReadOnlyList<string>> { ["all"] = [path] };
        var cells = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        await foreach (BlobEntry entry in store.ListAsync(path + "/", cancellationToken))
        {
            string[] inside = entry.Name[(path.Length + 1)..].Split('/');
            bool isPart = inside[^1].EndsWith(".jsonl", StringComparison.Ordinal) && !ResultLayout.IsBeside(inside[^1]);
            if (!isPart || inside.Length > 2 || inside[0].StartsWith('.')) continue;
            string cell = inside.Length == 2 ? inside[0] : path[(path.LastIndexOf('/') + 1)..];
            if (!cells.TryGetValue(cell, out List<string>? files)) cells[cell] = files = [];
            files.Add(entry.Name);
        }
        return cells.ToDictionary(c => c.Key, c => (IReadOnlyList<string>)[.. c.Value.Order(StringComparer.Ordinal)],
            StringComparer.Ordinal);
    }

    async IAsyncEnumerable<string> LinesAsync(string name, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using Stream? content = await store.OpenReadAsync(name, 0, cancellationToken);
        if (content is null) yield break;
        using var reader = new StreamReader(content, Encoding.UTF8);
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
            if (line.Length > 0) yield return line;
    }

    static async Task<ItemScores?> NextAsync(IAsyncEnumerator<string> lines) =>
        await lines.MoveNextAsync() ? ItemScores.Parse(lines.Current) : null;

    static async IAsyncEnumerable<string> NoneAsync()
    {
        await Task.CompletedTask;
        yield break;
    }

    static async IAsyncEnumerable<ExportRow> Empty()
    {
        await Task.CompletedTask;
        yield break;
    }

    static ExportRow? RowOf(string job, string cell, string line)
    {
        using JsonDocument document = JsonDocument.Parse(line);
        JsonElement root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object) return null;
        if (!root.TryGetProperty("id", out JsonElement id) || id.ValueKind != JsonValueKind.String) return null;
        var row = new ExportRow(job, cell, id.GetString()!);
        if (root.TryGetProperty("error", out JsonElement error) && error.ValueKind == JsonValueKind.Object)
            return row with { ErrorCode = error.TryGetProperty("code", out JsonElement code) ? code.ToString() : "error" };
        return row with
        {
            Text = root.TryGetProperty("text", out JsonElement text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null,
            Score = Number(root, "score"),
            Length = (long?)Number(root, "length"),
            Nfe = (long?)Number(root, "nfe"),
        };
    }

    static double? Number(JsonElement root, string name) =>
        root.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;
}
