using System.Text;
using System.Text.Json;
using DiffusionBatch.Contracts.OpenAi;
using DiffusionBatch.Pipeline.Models;
using DiffusionBatch.Pipeline.OpenAi;
using DiffusionBatch.Pipeline.Storage.Blobs;
using DiffusionBatch.Pipeline.Submitting;
using DiffusionBatch.Pipeline.Tests.Jobs;
using DiffusionBatch.Pipeline.Tests.Working;
using Microsoft.Extensions.Logging.Abstractions;

namespace DiffusionBatch.Pipeline.Tests.OpenAi;

/// <summary>The OpenAI-shaped door over a pipeline in this process; its model <c>m</c> is found by its folder.</summary>
internal sealed class BatchRig : IAsyncDisposable
{
    public BatchRig() => Rig.Root.Write("models/m/diffusion.json", "{}");

    public PipelineRig Rig { get; } = new();

    public ModelRegistry Registry => new(Rig.Store, Rig.Index.Caches);

    public UploadedFiles Files => new(Rig.Store, Rig.Index.Batches, Rig.Time);

    public BatchService Batches => new(Rig.Index.Batches, Rig.Index.Jobs, Rig.Service, Rig.Time);

    public BatchRunner Runner(IBlobStore? store = null) => new(
        store ?? Rig.Store, Rig.Index, Rig.Service, new OpenAiLimits { MaxRequests = 50 },
        NullLogger<BatchRunner>.Instance);

    /// <summary>A line that asks for an answer to a chat of one message.</summary>
    public static string Chat(string id, string text, string more = "") =>
        $$$"""{"custom_id":"{{{id}}}","method":"POST","url":"/v1/chat/completions","body":{"model":"m",{{{more}}}{{{(more.Length > 0 ? "," : "")}}}"messages":[{"role":"user","content":"{{{text}}}"}]}}""";

    public async Task<string> UploadAsync(string lines)
    {
        StoredContent content = await Files.StoreAsync(new MemoryStream(Encoding.UTF8.GetBytes(lines)), default);
        return (await Files.EnterAsync(content, "r.jsonl", "batch", null, default)).Id;
    }

    public async Task<BatchObject> CreateAsync(string lines, string endpoint = "/v1/chat/completions", string window = "24h") =>
        await Batches.CreateAsync(
            new BatchRequestBody { InputFileId = await UploadAsync(lines), Endpoint = endpoint, CompletionWindow = window }, default);

    /// <summary>Lets everything go on until a batch has a status.</summary>
    public async Task<BatchObject> UntilAsync(string id, params string[] statuses)
    {
        BatchObject batch = await Batches.GetAsync(id, default);
        await Rig.UntilAsync(async () =>
        {
            await Runner().RunOnceAsync(default);
            batch = await Batches.GetAsync(id, default);
            return statuses.Contains(batch.Status);
        });
        return batch;
    }

    /// <summary>Runs a batch to its end with one worker.</summary>
    public async Task<BatchObject> RunAsync(string lines, string endpoint = "/v1/chat/completions", FakeTasks? tasks = null)
    {
        BatchObject batch = await CreateAsync(lines, endpoint);
        await using PipelineRig.Running worker = Rig.Start(tasks ?? new FakeTasks());
        return await UntilAsync(batch.Id, "completed", "failed", "expired", "cancelled");
    }

    /// <summary>A file's lines.</summary>
    public async Task<IReadOnlyList<JsonElement>> LinesAsync(string? id)
    {
        if (id is null) return [];
        (BlobEntry blob, _) = await Files.LocateAsync(id, default);
        using var reader = new StreamReader((await Rig.Store.OpenReadAsync(blob.Name, 0, default))!);
        return [.. (await reader.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonDocument.Parse(line).RootElement)];
    }

    public ValueTask DisposeAsync() => Rig.DisposeAsync();
}
