using System.Text.Json;
using DiffusionBatch.Contracts;
using DiffusionBatch.Functions.Hosting;
using DiffusionBatch.Functions.Problems;
using DiffusionBatch.Functions.Requests;
using DiffusionBatch.Pipeline.Hosting;
using DiffusionBatch.Pipeline.Index;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace DiffusionBatch.Functions.Access;

/// <summary>Quotas of tenants: each sees its own; admins of the default tenant see and set those of all.</summary>
public sealed class QuotaFunctions(TenantPipeline mine)
{
    const int MaxBytes = 1 << 14;

    /// <summary><c>GET /api/tenants/{name}/quota</c>: what the tenant may have, and what it has.</summary>
    [Function("GetQuota")]
    public async Task<IResult> Get(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "api/tenants/{name}/quota")] HttpRequest request, string name,
        CancellationToken cancellationToken) => Answer.Json(await ViewAsync(Named(name), cancellationToken));

    /// <summary><c>PUT /api/tenants/{name}/quota</c>: in place of what was set; what the tenant has already stays.</summary>
    [Function("PutQuota")]
    public async Task<IResult> Put(
        [HttpTrigger(AuthorizationLevel.Function, "put", Route = "api/tenants/{name}/quota")] HttpRequest request, string name,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        Tenant tenant = Named(name);
        if (!mine.Tenant.IsDefault) throw Refuse.QuotasOfOthers();
        QuotaBody body = await ReadAsync(request, cancellationToken);
        await mine.Quotas.SetAsync(tenant,
            new TenantQuota { MostItems = body.QueuedItems, MostBytes = body.FileBytes, MostTasks = body.RunningTasks }, cancellationToken);
        return Answer.Json(await ViewAsync(tenant, cancellationToken));
    }

    // Another's is as one that nobody has heard of.
    Tenant Named(string name) =>
        Tenant.Parse(name) is { } tenant && (mine.Tenant.IsDefault || tenant == mine.Tenant) ? tenant : throw Refuse.UnknownTenant(name);

    async Task<QuotaView> ViewAsync(Tenant tenant, CancellationToken cancellationToken)
    {
        TenantUsage usage = await mine.Quotas.GetAsync(tenant, cancellationToken) ?? throw Refuse.UnknownTenant(tenant.ToString());
        var most = new QuotaBody
        {
            QueuedItems = usage.Quota.MostItems,
            FileBytes = usage.Quota.MostBytes,
            RunningTasks = usage.Quota.MostTasks,
        };
        return new QuotaView(tenant.ToString(), most, usage.Items, usage.Bytes, usage.Tasks);
    }

    static async Task<QuotaBody> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        QuotaBody body;
        try
        {
            body = JsonSerializer.Deserialize(await BodyReader.ReadAsync(request, MaxBytes, cancellationToken), ApiJson.Of<QuotaBody>())
                ?? throw new JsonException();
        }
        catch (JsonException e)
        {
            throw Refuse.BadBody(
                e.Path is { Length: > 2 } path ? path[1..].Replace('.', '/') : "",
                "The body isn't a quota: {\"queuedItems\": 100000, \"fileBytes\": 1000000000, \"runningTasks\": 8} is expected; what is "
                    + "left out isn't limited.");
        }
        foreach ((string field, long? most) in ((string, long?)[])
            [("queuedItems", body.QueuedItems), ("fileBytes", body.FileBytes), ("runningTasks", body.RunningTasks)])
            if (most < 0) throw Refuse.BadBody("/" + field, $"{field}: expected 0 or more, found {most}");
        return body;
    }
}
