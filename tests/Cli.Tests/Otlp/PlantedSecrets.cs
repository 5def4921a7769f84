using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Dapper;
using Microsoft.Data.Sqlite;

namespace DiffusionBatch.Cli.Tests.Otlp;

/// <summary>
/// Secrets of every kind in a pipeline that runs, each used well and badly, so that whatever writes down what it sees has seen it; and the
/// search for them in all that was said, sent and stored.
/// </summary>
internal sealed class PlantedSecrets
{
    /// <summary>A key of the settings, and the operator's.</summary>
    public const string Key = "planted-key-4711-0815", Operator = "planted-operator-4711-0815";

    // The key of the storage emulator, which is in both processes' settings.
    const string StorageKey = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq";

    // No good one, but a secret of whoever sends it here by mistake.
    const string Token = "eyJhbGciOiJSUzI1NiJ9.eyJwbGFudGVkIjoiNDcxMSJ9.cGxhbnRlZC1zaWduYXR1cmU";

    readonly HttpClient _client;
    readonly List<string> _answers = [];
    readonly HashSet<HttpStatusCode> _statuses = [];

    PlantedSecrets(HttpClient client) => _client = client;

    /// <summary>The settings that plant the first of them; nobody answers where tokens' keys would be asked for.</summary>
    public static IReadOnlyDictionary<string, string> Settings { get; } = new Dictionary<string, string>
    {
        ["FunctionKeys__team"] = Key,
        ["Access__AdminKey"] = Operator,
        ["Access__Entra__Authority"] = "http://127.0.0.1:9/",
        ["Access__Entra__Audience"] = "nobody",
    };

    string Tenant { get; set; } = "";

    string Webhook { get; set; } = "";

    /// <summary>Plants the others: a tenant's key, and a webhook's secret, which is told of each job's end in vain.</summary>
    public static async Task<PlantedSecrets> PlantAsync(Uri url)
    {
        var planted = new PlantedSecrets(new HttpClient { BaseAddress = url });
        planted.Tenant = await planted.MakeAsync("api/keys", Operator, """{"name":"planted","role":"admin","tenant":"acme"}""");
        planted.Webhook = await planted.MakeAsync("api/webhooks", Key, """{"url":"https://nobody.invalid/hook"}""");
        return planted;
    }

    /// <summary>Uses each of them in every place that it can be given in, for requests that are answered, refused and fail.</summary>
    public async Task UseAsync()
    {
        foreach (string secret in (string[])[Key, Operator, Tenant, Token, Webhook])
            foreach ((string method, string path, string? body) in new[]
            {
                ("GET", "api/jobs", null), ("POST", "api/jobs", "{"), ("GET", "api/jobs/job_none", null), ("GET", "api/keys", null),
                ("GET", "api/webhooks", null), ("GET", "v1/models", null), ("GET", "v1/files/none", null), ("PUT", "api/files/../x", "x"),
            })
            {
                await SendAsync(method, path, body, secret, "bearer");
                await SendAsync(method, path, body, secret, "header");
                await SendAsync(method, path + "?code=" + Uri.EscapeDataString(secret), body, null, "");
            }
        Assert.Superset(new HashSet<HttpStatusCode> { HttpStatusCode.OK, HttpStatusCode.BadRequest, HttpStatusCode.Unauthorized,
            HttpStatusCode.NotFound, HttpStatusCode.ServiceUnavailable }, _statuses);
    }

    /// <summary>
    /// Holds that none of them is in an answer, in what was sent to a collector, in what the processes said, in a table of the index, or in
    /// any file: but for the webhook's, which is in its own blob, once.
    /// </summary>
    public async Task AreNowhereAsync(OtlpCollector collector, string said, string state)
    {
        string tables = await TablesAsync(Path.Combine(state, "dbatch.db"));
        byte[][] files = [.. Directory.EnumerateFiles(state, "*", SearchOption.AllDirectories).Select(File.ReadAllBytes)];
        foreach ((string what, string secret) in new[]
        {
            ("a key of the settings", Key), ("the operator's key", Operator), ("a tenant's key", Tenant["dbk_".Length..]),
            ("a token", Token), ("the storage's key", StorageKey), ("a webhook's secret", Webhook["whsec_".Length..]),
        })
        {
            Assert.False(_answers.Exists(a => a.Contains(secret, StringComparison.Ordinal)), what + " is in an answer.");
            Assert.False(collector.Has(secret), what + " was sent to the collector.");
            Assert.False(said.Contains(secret, StringComparison.Ordinal), what + " is in the log.");
            Assert.False(tables.Contains(secret, StringComparison.Ordinal), what + " is in the index.");
            Assert.Equal((what, what == "a webhook's secret" ? 1 : 0), (what, files.Sum(f => Count(f, Encoding.UTF8.GetBytes(secret)))));
        }
        Assert.Contains("planted", tables, StringComparison.Ordinal);
    }

    async Task<string> MakeAsync(string path, string by, string body)
    {
        using HttpResponseMessage answer = await AskAsync("POST", path, body, by, "bearer");
        string text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.Created, text);
        return JsonDocument.Parse(text).RootElement.GetProperty("secret").GetString()!;
    }

    async Task SendAsync(string method, string path, string? body, string? secret, string by)
    {
        using HttpResponseMessage answer = await AskAsync(method, path, body, secret, by);
        _statuses.Add(answer.StatusCode);
        _answers.Add($"{answer} {await answer.Content.ReadAsStringAsync()}");
    }

    Task<HttpResponseMessage> AskAsync(string method, string path, string? body, string? secret, string by)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        if (by == "bearer") request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", secret);
        else if (by == "header") request.Headers.Add("x-functions-key", secret);
        return _client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    // All that is in all tables, as text.
    static async Task<string> TablesAsync(string index)
    {
        await using var connection = new SqliteConnection($"Data Source={index};Pooling=False;Mode=ReadOnly");
        var text = new StringBuilder();
        foreach (string table in await connection.QueryAsync<string>("select name from sqlite_master where type = 'table'"))
            foreach (object row in await connection.QueryAsync($"select * from \"{table}\""))
                text.AppendJoin('\n', ((IDictionary<string, object?>)row).Values).Append('\n');
        return text.ToString();
    }

    static int Count(ReadOnlySpan<byte> content, ReadOnlySpan<byte> text)
    {
        int count = 0;
        for (int at; (at = content.IndexOf(text)) >= 0; count++) content = content[(at + text.Length)..];
        return count;
    }
}
