using System.Net;
using System.Text.Json;
using DiffusionBatch.Contracts;
using DiffusionBatch.Contracts.Fields;
using DiffusionBatch.Pipeline.Index;

namespace DiffusionBatch.Functions.Tests.Tenants;

/// <summary>
/// An app that asks for keys itself, with a tenant that has something of everything, and another that has its keys alone.
/// </summary>
public sealed class TenantApi : IAsyncLifetime
{
    /// <summary>In the name of everything that the one tenant has.</summary>
    internal const string Marker = "acmesecret";

    internal const string Admin = "operator-0123456789abcdef", One = "acme", Other = "zeta";

    ApiHost? _api;

    internal ApiHost Api => _api!;

    /// <summary>The one tenant's key.</summary>
    internal string Key { get; private set; } = "";

    /// <summary>The other's keys, by role.</summary>
    internal Dictionary<KeyRole, string> Others { get; } = [];

    /// <summary>What the one tenant has, by the collection and the parameter that names it.</summary>
    internal Dictionary<(string Collection, string Parameter), string[]> Things { get; } = [];

    public async ValueTask InitializeAsync()
    {
        _api = await ApiHost.StartAsync(null, ("Access__AdminKey", Admin), ("AZURE_FUNCTIONS_ENVIRONMENT", "Development"));
        Key = await KeyAsync(Admin, $"{Marker}-admin", KeyRole.Admin, One);
        foreach (KeyRole role in Enum.GetValues<KeyRole>()) Others[role] = await KeyAsync(Admin, EnumText.Of(role), role, Other);
        await FillAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_api is not null) await _api.DisposeAsync();
    }

    internal async Task<string> KeyAsync(string by, string name, KeyRole role, string? tenant)
    {
        JsonElement made = await DoAsync("POST", "/api/keys", by, JsonSerializer.Serialize(new { name, role = EnumText.Of(role), tenant }));
        return made.GetProperty("secret").GetString()!;
    }

    /// <summary>A request that must succeed; what it answers.</summary>
    internal async Task<JsonElement> DoAsync(string method, string path, string key, string? body = null, string type = "application/json")
    {
        using HttpResponseMessage answer = await SendAsync(method, path, key, body, type);
        string text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, $"{method} {path}: {answer.StatusCode} {text}");
        return text.StartsWith('{') ? JsonDocument.Parse(text).RootElement : default;
    }

    internal Task<HttpResponseMessage> SendAsync(string method, string path, string? key, string? body = null,
        string? type = "application/json") =>
        Api.SendAsync(method, path, body, type, key is null ? [] : [("Authorization", "Bearer " + key)]);

    async Task FillAsync()
    {
        string input = $"data/{Marker}.jsonl", model = $"models/{Marker}";
        await DoAsync("PUT", "/api/files/" + input, Key,
            string.Concat(Enumerable.Range(0, 3).Select(i => $$"""{"id":"{{i}}","source":"{{Marker}} {{i}}"}""" + "\n")),
            "application/octet-stream");
        await DoAsync("PUT", $"/api/files/{model}/config.json", Key, """{"model_type":"xlm-roberta"}""", "application/octet-stream");
        await DoAsync("PUT", $"/api/files/{model}/tokenizer.json", Key, "{}", "application/octet-stream");
        string manifest = SharedApi.Sample($"{Marker}-job", null, input, model);
        string job = Id(await DoAsync("POST", "/api/jobs", Key, manifest));
        string pipeline =
            Id(await DoAsync("POST", "/api/jobs", Key,
                $$"""{"kind":"pipeline","name":"{{Marker}}-all","jobs":[{{SharedApi.Sample($"{Marker}-in", null, input, model)}}]}"""));
        await DoAsync("POST", "/api/schedules", Key, $$"""{"name":"{{Marker}}-nightly","cron":"0 3 * * *","manifest":{{manifest}}}""");
        string webhook = Id(await DoAsync("POST", "/api/webhooks", Key, $$"""{"url":"https://example.com/{{Marker}}","events":"state"}"""));
        await DoAsync("PUT", $"/api/models/{Marker}-m", Key, $$"""{"folder":"{{model}}"}""");
        // Its tasks: one is given up, and the webhook is told that the job runs.
        await Api.PlanAsync(job);
        ClaimOutcome claim = await Api.Index.Tasks.ClaimAsync(new TaskKey(job, 0), "w", TimeSpan.FromMinutes(1));
        await Api.Index.Tasks.PoisonAsync(claim.Task!.Key, claim.Task.Attempt, new PoisonEntry(Marker), new TaskCommit());
        PoisonRow poison = Assert.Single(await Api.Index.Poison.ListAsync(job));
        string delivery = (await Api.Index.Webhooks.DeliveriesAsync(webhook, null, null, 10))[0].Id;
        string file = await UploadAsync(Key,
            $$$"""{"custom_id":"1","method":"POST","url":"/v1/chat/completions","body":{"model":"{{{Marker}}}-m","messages":[{"role":"user","content":"x"}]}}""");
        string batch =
            Id(await DoAsync("POST", "/v1/batches", Key,
                $$"""{"input_file_id":"{{file}}","endpoint":"/v1/chat/completions","completion_window":"24h"}"""));
        string key = (await DoAsync("GET", "/api/keys", Key)).GetProperty("keys")[0].GetProperty("id").GetString()!;
        Things[("jobs", "id")] = [job, pipeline];
        Things[("poison", "id")] = [$"{poison.Id}"];
        Things[("schedules", "name")] = [$"{Marker}-nightly"];
        Things[("webhooks", "id")] = [webhook];
        Things[("webhooks", "delivery")] = [delivery];
        Things[("models", "model")] = [$"{Marker}-m"];
        Things[("files", "path")] = [input, $".dbatch/tenants/{One}/{input}"];
        Things[("files", "id")] = [file];
        Things[("batches", "id")] = [batch];
        Things[("keys", "id")] = [key];
        Things[("tenants", "name")] = [One];
    }

    async Task<string> UploadAsync(string key, string lines)
    {
        using var form = new MultipartFormDataContent { { new StringContent("batch"), "purpose" },
            { new StringContent(lines), "file", $"{Marker}.jsonl" } };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/files") { Content = form };
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + key);
        using HttpResponseMessage answer = await Api.Client.SendAsync(request, TestContext.Current.CancellationToken);
        string text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.StatusCode == HttpStatusCode.OK, text);
        return Id(JsonDocument.Parse(text).RootElement);
    }

    static string Id(JsonElement made) => made.GetProperty("id").GetString()!;
}
