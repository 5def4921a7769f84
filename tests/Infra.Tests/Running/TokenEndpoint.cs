using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json;

namespace DiffusionBatch.Infra.Tests.Running;

/// <summary>What gives a container app the tokens of its managed identity: an address and a secret in its environment.</summary>
internal sealed class TokenEndpoint : IDisposable
{
    const string Secret = "only this machine's processes know it";

    readonly HttpListener _listener = new();
    readonly string _address;

    /// <summary>Starts it on a free port.</summary>
    public TokenEndpoint()
    {
        _address = $"http://127.0.0.1:{Machine.FreePort()}/msi/token";
        _listener.Prefixes.Add(_address + "/");
        _listener.Start();
        _ = ServeAsync();
    }

    /// <summary>The variables that lead to it.</summary>
    public Dictionary<string, string> Environment => new() { ["IDENTITY_ENDPOINT"] = _address, ["IDENTITY_HEADER"] = Secret };

    /// <summary>For whom tokens were asked, and made out to what: client ids and resources.</summary>
    public ConcurrentBag<(string? Client, string? Resource)> Asked { get; } = [];

    public void Dispose() => _listener.Close();

    async Task ServeAsync()
    {
        try
        {
            while (true) Answer(await _listener.GetContextAsync());
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
        {
            // Closed.
        }
    }

    void Answer(HttpListenerContext context)
    {
        string? client = context.Request.QueryString["client_id"], resource = context.Request.QueryString["resource"];
        bool known = context.Request.Headers["X-IDENTITY-HEADER"] == Secret;
        if (known) Asked.Add((client, resource));
        long now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        string token = string.Join('.', Encoded(new { typ = "JWT", alg = "none" }),
            Encoded(new
            {
                aud = resource,
                iss = "https://sts.windows.net/00000000-0000-0000-0000-000000000001/",
                iat = now,
                nbf = now - 60,
                exp = now + 3600,
                appid = client
            }), "");
        byte[] body = JsonSerializer.SerializeToUtf8Bytes(
            new { access_token = token, expires_on = $"{now + 3600}", resource, token_type = "Bearer", client_id = client });
        context.Response.StatusCode = known ? 200 : 401;
        context.Response.ContentType = "application/json";
        context.Response.OutputStream.Write(known ? body : []);
        context.Response.Close();
    }

    static string Encoded(object part) =>
        Convert.ToBase64String(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(part))).TrimEnd('=').Replace('+', '-').Replace('/', '_');
}
