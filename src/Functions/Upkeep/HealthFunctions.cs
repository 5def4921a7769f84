using DiffusionBatch.Contracts;
using DiffusionBatch.Functions.Hosting;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Messaging;
using DiffusionBatch.Pipeline.Storage.Blobs;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace DiffusionBatch.Functions.Upkeep;

/// <summary>Probes for load balancers and containers.</summary>
public sealed partial class HealthFunctions(IPipelineIndex index, IBlobStore store, PipelineQueues queues, ILogger<HealthFunctions> logger)
{
    // No upload can have this name. Whether there is an answer is what counts, not which.
    const string Probe = ".dbatch/health";

    // Shorter than the usual timeouts of probes, so that they get to hear which part is away.
    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(3);

    /// <summary><c>GET /api/health/live</c>: 200 while the process serves requests.</summary>
    [Function("HealthLive")]
    public static IResult Live([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/health/live")] HttpRequest request) =>
        Answer.Json(new HealthStatus("live"));

    /// <summary>
    /// <c>GET /api/health/ready</c>: 200 while the index, the storage and the queues answer, else 503 with what doesn't; after 3 s at the
    /// latest.
    /// </summary>
    [Function("HealthReady")]
    public async Task<IResult> Ready(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/health/ready")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        bool[] answers = await Task.WhenAll(
            AnswersAsync("index", index.PingAsync, cancellationToken),
            AnswersAsync("storage", FoundAsync, cancellationToken),
            AnswersAsync("queues", async token => await queues.Control.CountAsync(token) >= 0, cancellationToken));
        bool ready = answers.All(answer => answer);
        return Answer.Json(
            new HealthStatus(ready ? "ready" : "unavailable") { Index = answers[0], Storage = answers[1], Queues = answers[2] },
            ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }

    async Task<bool> FoundAsync(CancellationToken cancellationToken)
    {
        await store.FindAsync(Probe, cancellationToken);
        return true;
    }

    async Task<bool> AnswersAsync(string part, Func<CancellationToken, Task<bool>> ask, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(s_patience);
        try
        {
            // A client that blocks its thread, as SQLite's does, is left behind as well.
            return await Task.Run(() => ask(patience.Token), patience.Token).WaitAsync(patience.Token);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            LogAway(part, patience.IsCancellationRequested ? $"no answer within {s_patience.TotalSeconds} s" : e.Message);
            return false;
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "Not ready: {Part}: {Reason}")]
    partial void LogAway(string part, string reason);
}
