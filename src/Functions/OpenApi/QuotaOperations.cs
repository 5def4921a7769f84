using DiffusionBatch.Contracts;

namespace DiffusionBatch.Functions.OpenApi;

/// <summary>The operations on tenants' quotas.</summary>
internal static class QuotaOperations
{
    static readonly ApiParameter s_name = new("path", "name", "The tenant's name; default for the default one.");
    static readonly (int, string) s_none = (404, "There is no such tenant, or it is another than the key's.");

    /// <summary>All of them.</summary>
    public static IReadOnlyList<ApiOperation> All { get; } =
    [
        new("get", "/tenants/{name}/quota", "GetQuota", "What a tenant may have, and what it has.")
        {
            Parameters = [s_name],
            Answers = [new(200, "The quota.") { Body = typeof(QuotaView) }],
            Problems = [s_none],
        },
        new("put", "/tenants/{name}/quota", "PutQuota", "Set what a tenant may have. Only admins of the default tenant may.")
        {
            Role = KeyRole.Admin,
            Parameters = [s_name],
            Bodies = ["application/json"],
            Body = typeof(QuotaBody),
            Answers = [new(200, "It is set.") { Body = typeof(QuotaView) }],
            Problems = [(400, "The body has problems."), s_none, (413, "The body is too large.")],
        },
    ];
}
