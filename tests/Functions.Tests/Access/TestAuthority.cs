using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace DiffusionBatch.Functions.Tests.Access;

/// <summary>An authority on this machine that publishes its keys and gives out tokens, as Entra ID does.</summary>
internal sealed class TestAuthority : IAsyncDisposable
{
    /// <summary>Whom its tokens are for.</summary>
    public const string Audience = "00000000-aaaa-bbbb-cccc-000000000000";

    static readonly JsonWebTokenHandler s_handler = new() { SetDefaultTimesOnTokenCreation = false };

    readonly WebApplication _app;
    RsaSecurityKey _key = NewKey();

    TestAuthority(WebApplication app) => _app = app;

    public string Url => _app.Urls.Single();

    /// <summary>How often it was asked for its keys.</summary>
    public int Asked { get; private set; }

    /// <summary>Whether it answers.</summary>
    public bool IsAway { get; set; }

    public static async Task<TestAuthority> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var authority = new TestAuthority(builder.Build());
        authority._app.MapGet("/.well-known/openid-configuration", () => authority.IsAway ? Results.StatusCode(503)
            : Results.Text(JsonSerializer.Serialize(new { issuer = authority.Url, jwks_uri = authority.Url + "/keys" })));
        authority._app.MapGet("/keys", () => Results.Text(authority.Keys()));
        await authority._app.StartAsync();
        return authority;
    }

    public static RsaSecurityKey NewKey() => new(RSA.Create(2048)) { KeyId = Guid.NewGuid().ToString("N") };

    /// <summary>Signs with another key from now on.</summary>
    public void Rotate() => _key = NewKey();

    /// <summary>A token that is good at a time for an hour, but for what is changed of it.</summary>
    public string Token(DateTimeOffset now, Action<SecurityTokenDescriptor>? change = null, params (string Name, object Value)[] claims)
    {
        var descriptor = new SecurityTokenDescriptor
        {
            Issuer = Url,
            Audience = Audience,
            NotBefore = now.UtcDateTime,
            Expires = now.UtcDateTime.AddHours(1),
            SigningCredentials = new SigningCredentials(_key, SecurityAlgorithms.RsaSha256),
            Claims = claims.ToDictionary(c => c.Name, c => c.Value),
        };
        change?.Invoke(descriptor);
        return s_handler.CreateToken(descriptor);
    }

    /// <summary>What is published of its key: what one would sign with who takes it for a secret.</summary>
    public byte[] PublicKey => _key.Rsa.ExportSubjectPublicKeyInfo();

    public string KeyId => _key.KeyId;

    string Keys()
    {
        Asked++;
        JsonWebKey key = JsonWebKeyConverter.ConvertFromRSASecurityKey(new RsaSecurityKey(_key.Rsa.ExportParameters(false))
        {
            KeyId = _key.KeyId
        });
        return JsonSerializer.Serialize(new { keys = new[] { new { kty = key.Kty, kid = key.Kid, use = "sig", n = key.N, e = key.E } } });
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
