using System.Text.Json;
using System.Text.Json.Nodes;
using DiffusionBatch.Contracts.OpenAi;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Roots;
using DiffusionBatch.Pipeline.Storage.Blobs;

namespace DiffusionBatch.Pipeline.OpenAi;

/// <summary>What the check of a batch's file came to. It is kept with the batch, so that a second attempt goes on from it.</summary>
/// <param name="Manifest">The job or pipeline that answers; null where all requests are refused.</param>
/// <param name="Groups">The jobs: requests of one model, sampler and seed are one.</param>
/// <param name="Start">Its counts, without the job's id.</param>
internal sealed record BatchPlan(JsonObject? Manifest, IReadOnlyList<PlannedGroup> Groups, BatchStart Start)
{
    static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web);

    /// <summary>A batch's plan, or null: it wasn't checked.</summary>
    public static async Task<BatchPlan?> ReadAsync(IBlobStore store, string batch, CancellationToken cancellationToken) =>
        await store.ReadAsync(BatchNames.Plan(batch), cancellationToken) is { } json
            ? JsonSerializer.Deserialize<BatchPlan>(json, s_json)
            : null;

    /// <summary>Keeps the plan. It is written last: where it is there, all that it names is.</summary>
    public Task WriteAsync(IBlobStore store, string batch, CancellationToken cancellationToken) =>
        store.WriteAsync(BatchNames.Plan(batch), JsonSerializer.SerializeToUtf8Bytes(this, s_json), BlobCondition.None, cancellationToken);
}

/// <summary>A job of a batch.</summary>
/// <param name="Job">Its name.</param>
/// <param name="Cell">Its one cell.</param>
/// <param name="Steps">That cell's steps.</param>
internal sealed record PlannedGroup(string Job, string Cell, int Steps);

/// <summary>A request of a batch.</summary>
/// <param name="Id">Its custom_id.</param>
/// <param name="Model">The model that it names.</param>
/// <param name="Groups">The jobs that answer it, by their places: one a choice.</param>
/// <param name="Asked">Whether it says how long its answer is to be.</param>
/// <param name="Refusal">Why it is refused, or null.</param>
internal sealed record PlannedRequest(string Id, string Model, IReadOnlyList<int> Groups, bool Asked, RequestRefusal? Refusal)
{
    static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web);

    /// <summary>The request as a line.</summary>
    public string ToLine() => JsonSerializer.Serialize(this, s_json);

    /// <summary>Reads a line.</summary>
    public static PlannedRequest Parse(string line) => JsonSerializer.Deserialize<PlannedRequest>(line, s_json)!;
}
