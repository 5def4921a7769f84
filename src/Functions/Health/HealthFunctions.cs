using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace DiffusionBatch.Functions.Health;

/// <summary>Probes for load balancers and containers.</summary>
public sealed class HealthFunctions
{
    /// <summary><c>GET /api/health/live</c>: 200 while the process serves requests.</summary>
    [Function("HealthLive")]
    public static IResult Live([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "health/live")] HttpRequest request) =>
        Results.Ok(new HealthStatus("live"));
}
