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

/// <summary>Tenants' keys: made, listed and revoked by admins.</summary>
public sealed class KeyFunctions(TenantPipeline mine, AccessSettings settings, TimeProvider time)
{
    const int MaxBytes = 1 << 14;

    /// <summary><c>POST /api/keys</c>: 201 with the key, which isn't told again.</summary>
    [Function("CreateKey")]
    public async Task<IResult> Create(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/keys")] HttpRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        KeyBody body = await ReadAsync(request, cancellationToken);
        if (body.Name == "default" || Tenant.Parse(body.Name) is null)
            throw Refuse.BadBody("/name", $"name: expected [a-z0-9][a-z0-9-]{{0,62}}, found \"{body.Name}\"");
        Tenant tenant = body.Tenant is null ? mine.Tenant
            : Tenant.Parse(body.Tenant)
                ?? throw Refuse.BadBody("/tenant", $"tenant: expected [a-z0-9][a-z0-9-]{{0,62}}, found \"{body.Tenant}\"");
        if (tenant != mine.Tenant && !mine.Tenant.IsDefault)
            throw Refuse.BadBody("/tenant",
                $"tenant: expected \"{mine.Tenant}\", your own; an admin of the default tenant makes keys of others");
        if (!settings.AsksItself)
            throw Refuse.Conflict(
                "keys-unused", "Keys of tenants aren't asked for",
                "The host of Functions asks for keys here, and would not know this one: give the app the setting Access__AdminKey, or "
                    + "those of Access__Entra, first. Nothing was stored.");
        string secret = AccessKey.New();
        var row = new KeyRow
        {
            Id = "key_" + Guid.CreateVersion7(time.GetUtcNow()).ToString("N"),
            Tenant = tenant,
            Name = body.Name,
            Role = body.Role ?? KeyRole.Submit,
            Hash = AccessKey.HashOf(secret),
            CreatedAt = time.GetUtcNow(),
        };
        if (!await mine.Keys.AddAsync(row, cancellationToken))
            throw Refuse.Conflict(
                "key-exists", "There is a key of that name",
                $"The tenant {tenant} has a key {row.Name} already; DELETE /api/keys/{{id}} revokes it. Nothing was stored.");
        request.HttpContext.Response.Headers.Location = $"/api/keys/{row.Id}";
        request.HttpContext.Response.Headers.CacheControl = "no-store";
        return Answer.Json(View(row) with { Secret = secret }, StatusCodes.Status201Created);
    }

    /// <summary><c>GET /api/keys</c>: the tenant's; for an admin of the default tenant those of all.</summary>
    [Function("ListKeys")]
    public async Task<IResult> List(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "api/keys")] HttpRequest request,
        CancellationToken cancellationToken) =>
        Answer.Json(new KeyListView([.. (await mine.Keys.ListAsync(cancellationToken)).Select(View)]));

    /// <summary><c>GET /api/keys/{id}</c>.</summary>
    [Function("GetKey")]
    public async Task<IResult> Get(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "api/keys/{id}")] HttpRequest request, string id,
        CancellationToken cancellationToken) =>
        Answer.Json(View(await mine.Keys.GetAsync(id, cancellationToken) ?? throw Refuse.UnknownKey(id)));

    /// <summary><c>DELETE /api/keys/{id}</c>: it opens nothing from then on.</summary>
    [Function("RemoveKey")]
    public async Task<IResult> Remove(
        [HttpTrigger(AuthorizationLevel.Function, "delete", Route = "api/keys/{id}")] HttpRequest request, string id,
        CancellationToken cancellationToken) =>
        await mine.Keys.RemoveAsync(id, cancellationToken) ? Results.NoContent() : throw Refuse.UnknownKey(id);

    static async Task<KeyBody> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        byte[] body = await BodyReader.ReadAsync(request, MaxBytes, cancellationToken);
        try
        {
            return JsonSerializer.Deserialize(body, ApiJson.Of<KeyBody>()) is { Name: not null } key
                ? key : throw Refuse.BadBody("", "The field \"name\" is missing: expected the key's name.");
        }
        catch (JsonException e)
        {
            throw Refuse.BadBody(
                e.Path is { Length: > 2 } path ? path[1..].Replace('.', '/') : "",
                "The body isn't a key: {\"name\": \"...\", \"role\": \"read\", \"submit\" or \"admin\", \"tenant\": \"...\"} is expected.");
        }
    }

    static KeyView View(KeyRow row) => new(row.Id, row.Name, row.Role, row.Tenant.ToString(), row.CreatedAt);
}
