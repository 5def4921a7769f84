using System.Text;
using System.Text.Json;
using DiffusionBatch.Contracts;
using DiffusionBatch.Contracts.OpenAi;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Roots;
using DiffusionBatch.Pipeline.Storage.Blobs;
using DiffusionBatch.Pipeline.Submitting;

namespace DiffusionBatch.Pipeline.OpenAi;

/// <summary>
/// Writes a batch's files of its jobs' results, in the order of the requests. What it writes hangs on the batch alone, so that doing it
/// twice does no harm.
/// </summary>
internal sealed class BatchWriting(IBlobStore store, IJobIndex jobs, JobResults results)
{
    /// <summary>What a file of a batch is for.</summary>
    public const string Purpose = "batch_output";

    /// <summary>Writes them.</summary>
    /// <param name="batch">The batch; its outcome is known.</param>
    /// <param name="cancellationToken">Stops the writing.</param>
    public async Task<BatchEnd> RunAsync(BatchRow batch, CancellationToken cancellationToken)
    {
        BatchPlan plan = await BatchPlan.ReadAsync(store, batch.Id, cancellationToken)
            ?? throw new InvalidDataException($"Batch {batch.Id} has no plan.");
        Dictionary<string, JobRow> rows = await JobsAsync(batch.JobId, cancellationToken);
        ResultCursor[] cursors = [.. plan.Groups.Select(g =>
            new ResultCursor(rows.GetValueOrDefault(g.Job), g, results, cancellationToken))];
        string folder = Directory.CreateTempSubdirectory("dbatch-").FullName;
        try
        {
            string answered = Path.Combine(folder, "output"), others = Path.Combine(folder, "errors");
            var end = new BatchEnd(batch.Outcome!.Value);
            await using (var output = new StreamWriter(answered, false, new UTF8Encoding(false)) { NewLine = "\n" })
            await using (var errors = new StreamWriter(others, false, new UTF8Encoding(false)) { NewLine = "\n" })
                end = await WriteAsync(batch, end, cursors, output, errors, cancellationToken);
            return end with
            {
                Output = end.Completed > 0 ? await KeepAsync(batch, "output", answered, cancellationToken) : null,
                ErrorFile = end.Failed > 0 ? await KeepAsync(batch, "errors", others, cancellationToken) : null,
            };
        }
        finally
        {
            foreach (ResultCursor cursor in cursors) await cursor.DisposeAsync();
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>A batch's jobs by their names; none where it has none.</summary>
    public async Task<Dictionary<string, JobRow>> JobsAsync(string? job, CancellationToken cancellationToken)
    {
        if (job is null || await jobs.GetAsync(job, cancellationToken) is not { } root) return [];
        IReadOnlyList<JobRow> all = root.Kind == JobKind.Pipeline ? await jobs.ChildrenAsync(job, cancellationToken) : [root];
        return all.ToDictionary(j => j.Name, StringComparer.Ordinal);
    }

    async Task<BatchEnd> WriteAsync(
        BatchRow batch, BatchEnd end, ResultCursor[] cursors, StreamWriter output, StreamWriter errors, CancellationToken cancellationToken)
    {
        var answers = new Answers(batch.Id, batch.Endpoint, batch.CreatedAt.ToUnixTimeSeconds());
        await using Stream content = await store.OpenReadAsync(BatchNames.Lines(batch.Id), 0, cancellationToken)
            ?? throw new InvalidDataException($"Batch {batch.Id} has no requests.");
        using var lines = new StreamReader(content, Encoding.UTF8);
        while (await lines.ReadLineAsync(cancellationToken) is { Length: > 0 } line)
        {
            PlannedRequest request = PlannedRequest.Parse(line);
            (IReadOnlyList<Choice> choices, string? other) = await TakeAsync(request, cursors, answers);
            if (other is not null)
            {
                await errors.WriteLineAsync(other);
                end = end with { Failed = end.Failed + 1 };
                continue;
            }
            await output.WriteLineAsync(answers.Answered(request, choices));
            end = end with
            {
                Completed = end.Completed + 1,
                PromptTokens = end.PromptTokens + choices[0].PromptTokens,
                CompletionTokens = end.CompletionTokens + choices.Sum(c => c.Length),
            };
        }
        return end;
    }

    // A request's choices, or the line of its error. Each of its jobs is asked, whatever the others have: their results go on together.
    static async Task<(IReadOnlyList<Choice> Choices, string? Other)> TakeAsync(PlannedRequest request, ResultCursor[] cursors,
        Answers answers)
    {
        if (request.Refusal is { } refusal) return ([], answers.Refused(request.Id, refusal));
        var choices = new List<Choice>();
        string? other = null;
        foreach (ResultCursor cursor in request.Groups.Select(g => cursors[g]))
        {
            if (await cursor.TakeAsync(request.Id) is not { } result)
            {
                (string code, string message) = cursor.WhyNone();
                other ??= answers.Unanswered(request.Id, code, message);
            }
            else if (result.TryGetProperty("error", out JsonElement error))
            {
                other ??= answers.Refused(request.Id,
                    Answers.Of(new ItemError(error.GetProperty("code").GetString()!, error.GetProperty("message").GetString()!)));
            }
            else
            {
                choices.Add(new Choice(result, cursor.Steps, request.Asked));
            }
        }
        return (choices, other);
    }

    async Task<FileRow> KeepAsync(BatchRow batch, string what, string file, CancellationToken cancellationToken)
    {
        DateTimeOffset at = (batch.FinalizingAt ?? batch.CancellingAt)!.Value;
        string id = BatchNames.Written(batch.Id, what, at), path = BatchNames.File(id);
        await store.UploadAsync(path, file, BlobCondition.None, cancellationToken);
        return new FileRow
        {
            Id = id,
            Tenant = batch.Tenant,
            Name = $"{batch.Id}_{what}.jsonl",
            Purpose = Purpose,
            Path = path,
            Bytes = new FileInfo(file).Length,
            CreatedAt = at,
            ExpiresAt = batch.OutputSeconds is { } seconds ? at + TimeSpan.FromSeconds(seconds) : null,
        };
    }
}
