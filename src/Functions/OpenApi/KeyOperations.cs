using DiffusionBatch.Contracts;

namespace DiffusionBatch.Functions.OpenApi;

/// <summary>The operations on tenants' keys.</summary>
internal static class KeyOperations
{
    static readonly ApiParameter s_id = new("path", "id", "The key's id.");
    static readonly (int, string) s_none = (404, "There is no such key.");

    /// <summary>All of them.</summary>
    public static IReadOnlyList<ApiOperation> All { get; } =
    [
        new("post", "/keys", "CreateKey", "Make a key of a tenant. It is told in this answer alone.")
        {
            Role = KeyRole.Admin,
            Bodies = ["application/json"],
            Body = typeof(KeyBody),
            Answers = [new(201, "It was made; Location is its own.") { Body = typeof(KeyView) }],
            Problems =
            [
                (400, "The body has problems, or names another tenant."),
                (409, "The name is taken; or keys of tenants aren't asked for here."),
                (413, "The body is too large."),
            ],
        },
        new("get", "/keys", "ListKeys", "The tenant's keys, the oldest first; for an admin of the default tenant those of all.")
        {
            Role = KeyRole.Admin,
            Answers = [new(200, "The keys.") { Body = typeof(KeyListView) }],
        },
        new("get", "/keys/{id}", "GetKey", "A key; never the secret itself.")
        {
            Role = KeyRole.Admin,
            Parameters = [s_id],
            Answers = [new(200, "The key.") { Body = typeof(KeyView) }],
            Problems = [s_none],
        },
        new("delete", "/keys/{id}", "RemoveKey", "Revoke a key: it opens nothing from then on.")
        {
            Role = KeyRole.Admin,
            Parameters = [s_id],
            Answers = [new(204, "It is revoked.")],
            Problems = [s_none],
        },
    ];
}
