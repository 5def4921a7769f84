using System.Globalization;
using System.Text;
using DiffusionBatch.Contracts;
using DiffusionBatch.Contracts.OpenAi;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Inputs;
using DiffusionBatch.Pipeline.Models;
using DiffusionBatch.Pipeline.Problems;
using DiffusionBatch.Pipeline.Roots;
using DiffusionBatch.Pipeline.Storage.Blobs;

namespace DiffusionBatch.Pipeline.OpenAi;

/// <summary>Checks a batch's file in one pass, and writes the inputs of the jobs that answer it.</summary>
internal sealed class BatchCheck(IBlobStore store, IBatchIndex index, ModelRegistry registry, OpenAiLimits limits)
{
    // What is wrong is listed so often; the file has to be mended anyway.
    const int MaxErrors = 100;

    /// <summary>Checks a batch.</summary>
    /// <returns>What answers it, or what is wrong with its file: then nothing of it is answered.</returns>
    public async Task<(BatchPlan? Plan, IReadOnlyList<BatchErrorItem> Errors)> RunAsync(BatchRow batch, CancellationToken cancellationToken)
    {
        if (await BatchPlan.ReadAsync(store, batch.Id, cancellationToken) is { } earlier) return (earlier, []);
        Dictionary<string, ModelView> models;
        try
        {
            models = (await registry.ListAsync(cancellationToken)).ToDictionary(m => m.Entry.Name, m => m.Entry, StringComparer.Ordinal);
        }
        catch (ProblemsException e)
        {
            return (null, [new BatchErrorItem("invalid_model_registry", Problem.Sentence(e.Problems), "model", null)]);
        }
        Stream? content = await index.FileAsync(batch.InputFile, cancellationToken) is { } file
            ? await store.OpenReadAsync(file.Path, 0, cancellationToken) : null;
        if (content is null) return (null,
            [new BatchErrorItem("file_not_found", $"The file '{batch.InputFile}' isn't there any longer.", "input_file_id", null)]);
        string folder = Directory.CreateTempSubdirectory("dbatch-").FullName;
        try
        {
            using var groups = new BatchGroups(batch.Id, folder);
            string lines = Path.Combine(folder, "requests");
            var errors = new List<BatchErrorItem>();
            // Lines are read by a thread of their own: the reader waits for the storage.
            BatchStart start = await Task.Run(() => Read(batch, content, models, groups, lines, errors, cancellationToken),
                cancellationToken);
            if (errors.Count > 0) return (null, errors);
            IReadOnlyList<string> inputs = groups.Close();
            for (int i = 0; i < inputs.Count; i++)
                await store.UploadAsync(BatchNames.Input(batch.Id, i), inputs[i], BlobCondition.None, cancellationToken);
            await store.UploadAsync(BatchNames.Lines(batch.Id), lines, BlobCondition.None, cancellationToken);
            var plan = new BatchPlan(groups.Manifest(), groups.All, start);
            await plan.WriteAsync(store, batch.Id, cancellationToken);
            return (plan, []);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    BatchStart Read(
        BatchRow batch, Stream content, Dictionary<string, ModelView> models, BatchGroups groups, string lines, List<BatchErrorItem> errors,
        CancellationToken cancellationToken)
    {
        long total = 0, rejected = 0, answers = 0;
        var named = new HashSet<string>(StringComparer.Ordinal);
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        using var requests = new JsonlLines(content);
        using var planned = new StreamWriter(lines, false, new UTF8Encoding(false)) { NewLine = "\n" };
        if (requests.Foreign is { } foreign)
            errors.Add(new BatchErrorItem("invalid_file_format", $"The file can't be read: {foreign}.", null, 1));
        while (errors.Count < MaxErrors && requests.Foreign is null && requests.Next())
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (requests.Oversized)
            {
                errors.Add(new BatchErrorItem("invalid_json_line", "This line is too long to be read.", null, requests.Number));
                break;
            }
            if (!requests.Line.ContainsAnyExcept(" \t\r"u8)) continue;
            if (++total > limits.MaxRequests)
            {
                errors.Add(new BatchErrorItem("too_many_requests",
                    FormattableString.Invariant($"The file has more than {limits.MaxRequests} requests."), null, requests.Number));
                break;
            }
            if (RequestLine.Read(requests.Line, requests.Number, batch.Endpoint, models, errors) is not { } request) continue;
            if (!seen.TryAdd(request.CustomId, requests.Number))
            {
                errors.Add(new BatchErrorItem(
                    "duplicate_custom_id",
                    FormattableString.Invariant($"The custom_id '{request.CustomId}' stands in line {seen[request.CustomId]} already."),
                    "custom_id", requests.Number));
                continue;
            }
            named.Add(request.Model.Name);
            PlannedRequest plan = Plan(request, groups);
            if (groups.TooMany)
            {
                errors.Add(new BatchErrorItem(
                    "too_many_settings",
                    string.Create(CultureInfo.InvariantCulture, $"The requests have more "
                        + $"than {BatchGroups.Most} different models, seeds and sampler settings; make several batches of them."),
                    null, requests.Number));
                break;
            }
            if (plan.Refusal is not null) rejected++;
            answers += plan.Groups.Count;
            planned.WriteLine(plan.ToLine());
        }
        if (total == 0 && errors.Count == 0)
            errors.Add(new BatchErrorItem("empty_file",
                "The input file is empty. Please ensure that the batch contains at least one request.", null, null));
        return new BatchStart(null, named.Count == 1 ? named.Single() : null, total, rejected, answers);
    }

    static PlannedRequest Plan(RequestLine request, BatchGroups groups)
    {
        var plan = new PlannedRequest(request.CustomId, request.Model.Name, [], request.Body?.MaxTokens is not null, request.Refusal);
        if (request.Body is not { } body) return plan;
        try
        {
            return plan with { Groups = groups.Add(request.CustomId, request.Model, body) };
        }
        catch (RequestRefusedException e)
        {
            return plan with { Refusal = e.Refusal };
        }
    }
}

/// <summary>How much the OpenAI-shaped door takes.</summary>
public sealed record OpenAiLimits
{
    /// <summary>The most bytes of an uploaded file.</summary>
    public long MaxFileBytes { get; init; } = 200_000_000;

    /// <summary>The most requests of a batch.</summary>
    public int MaxRequests { get; init; } = 50_000;
}
