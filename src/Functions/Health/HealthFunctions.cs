using DiffusionBatch.Functions.Hosting;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Storage;
using DiffusionBatch.Pipeline.Storage.Blobs;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace DiffusionBatch.Functions.Health;

/// <summary>Probes for load balancers and containers.</summary>
public sealed class HealthFunctions(IPipelineIndex index, IBlobStore store)
{
    // A name that no upload may have, so that only the question matters.
    const string Probe = ".dbatch/health";

    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    /// <summary><c>GET /api/health/live</c>: 200 while the process serves requests.</summary>
    [Function("HealthLive")]
    public static IResult Live([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "health/live")] HttpRequest request) =>
        Answer.Json(new HealthStatus("live"), ApiJson.Default.HealthStatus);

    /// <summary><c>GET /api/health/ready</c>: 200 while the index and the storage answer, else 503.</summary>
    [Function("HealthReady")]
    public async Task<IResult> Ready([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "health/ready")] HttpRequest request, CancellationToken cancellationToken)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limited.CancelAfter(s_patience);
        Task<bool> asked = AnswersAsync(() => index.PingAsync(limited.Token), cancellationToken);
        Task<bool> found = AnswersAsync(async () => await FindAsync(limited.Token), cancellationToken);
        bool database = await asked, storage = await found, ready = database && storage;
        return Answer.Json(new HealthStatus(ready ? "ready" : "unavailable") { Index = database, Storage = storage }, ApiJson.Default.HealthStatus,
            ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }

    async Task<bool> FindAsync(CancellationToken cancellationToken)
    {
        await store.FindAsync(Probe, cancellationToken);
        return true;
    }

    static async Task<bool> AnswersAsync(Func<Task<bool>> ask, CancellationToken cancellationToken)
    {
        try
        {
            return await ask();
        }
        catch (Exception e) when (e is StorageException or IndexUnavailableException || e is OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}
