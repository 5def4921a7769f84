using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using DiffusionBatch.Contracts;
using DiffusionBatch.Functions.Jobs;
using DiffusionBatch.Functions.Upkeep;
using DiffusionBatch.Pipeline.Hosting;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.OpenAi;
using DiffusionBatch.Pipeline.Storage.Blobs;
using Microsoft.Azure.Functions.Worker;

namespace DiffusionBatch.Functions.Tests.Tenants;

/// <summary>
/// Another tenant asks for what one has, by every operation of the OpenAPI document, by path, query and body: it is answered as one who
/// asks for what nobody has, and nothing of the one's is shown or changed. The requests are made of the document, so that a new operation
/// is among them.
/// </summary>
public sealed partial class IsolationTests(TenantApi tenants) : IClassFixture<TenantApi>
{
    // What a body may name of another's, by operation; the others get an empty object.
    static readonly Dictionary<string, Func<string, string>> s_bodies = new(StringComparer.Ordinal)
    {
        ["SubmitJob"] = m => SharedApi.Sample("theft", $"results/{m}-job", $"data/{m}.jsonl", $"models/{m}"),
        ["ValidateJob"] = m => SharedApi.Sample("theft", $"results/{m}-job", $"data/{m}.jsonl", $"models/{m}"),
        ["EstimateJob"] = m => SharedApi.Sample("theft", $"results/{m}-job", $".dbatch/tenants/acme/data/{m}.jsonl", $"models/{m}"),
        ["CreateSchedule"] =
            m => $$"""{"name":"{{m}}-nightly","cron":"0 3 * * *","manifest":{{SharedApi.Sample("theft", null, $"data/{m}.jsonl", $"models/{m}")}}}""",
        ["ReplaceSchedule"] =
            m => $$"""{"cron":"0 3 * * *","manifest":{{SharedApi.Sample("theft", null, $"data/{m}.jsonl", $"models/{m}")}}}""",
        ["CreateWebhook"] = m => $$"""{"url":"https://example.com/{{m}}"}""",
        ["PutModel"] = m => $$"""{"folder":".dbatch/tenants/acme/models/{{m}}"}""",
        ["CreateKey"] = m => """{"name":"theft","tenant":"acme"}""",
        ["WriteFile"] = m => "overwritten",
    };

    static readonly string[] s_verbs = ["get", "put", "post", "delete"];

    int _requests;

    [Fact]
    public async Task Another_tenant_is_answered_as_if_nothing_were_there_and_changes_nothing()
    {
        string before = await StateAsync();
        JsonElement document =
            JsonDocument.Parse(await tenants.Api.Client.GetStringAsync(new Uri("/api/openapi.json", UriKind.Relative),
                TestContext.Current.CancellationToken)).RootElement;
        Operation[] operations = [.. document.GetProperty("paths").EnumerateObject()
            .SelectMany(p => p.Value.EnumerateObject().Select(o => new Operation(o.Name, p.Name, o.Value)))];
        int found = 0;
        // Those that only look first: what the others make is the other tenant's own, and would stand in its lists.
        foreach (Operation operation in operations.Where(o => !o.IsOpen).OrderBy(o => Array.IndexOf(s_verbs, o.Method)))
            foreach ((string path, KeyRole role) in Paths(operation).SelectMany(p => operation.Roles.Select(r => (p, r))))
            {
                string body = s_bodies.GetValueOrDefault(operation.Id)?.Invoke(TenantApi.Marker) ?? (operation.Id == "OpenAiCreateBatch"
                    ? $$"""{"input_file_id":"{{tenants.Things[("files", "id")][0]}}","endpoint":"/v1/chat/completions","completion_window":"24h"}""" : "{}");
                (int status, string text) = await AskAsync(operation, role, path, body);
                (int unknown, string of) = await AskAsync(operation, role, Unknown(path), Unknown(body));
                bool made = operation.Method != "get" && status < 300;
                Assert.True((status, Plain(text, made)) == (unknown, Plain(of, made)),
                    $"{operation.Method} {path}: {status} {text}\nbut of what isn't there: {unknown} {of}");
                Assert.True(status < 500, $"{operation.Method} {path}: {status} {text}");
                // The words of its files' lines; names come back in refusals, as they were asked for.
                Assert.False(text.Contains(TenantApi.Marker + " ", StringComparison.Ordinal), $"{operation.Method} {path}: {text}");
                if (operation.Method == "get" && role == KeyRole.Read && await IsFoundAsync(path)) found++;
            }
        Assert.Equal(before, await StateAsync());
        TestContext.Current.TestOutputHelper?.WriteLine($"{_requests} requests, of which the tenant itself found {found}");
        Assert.True(_requests >= 200, $"{_requests} requests");
        Assert.True(found >= 25, $"The tenant itself found {found} of what the other asked for.");
    }

    [Fact]
    public void What_a_request_starts_has_its_tenant_s_pipeline_and_nothing_else_of_it()
    {
        Type[] types = [.. typeof(FunctionApp).Assembly.GetTypes()
            .Where(t => t.GetMethods().SelectMany(m => m.GetParameters())
                .Any(p => p.GetCustomAttribute<HttpTriggerAttribute>() is not null))];
        Assert.NotEmpty(types);
        // The probes tell whether the whole of it answers, and no more.
        foreach (Type type in types.Append(typeof(JobViews)).Where(t => t != typeof(HealthFunctions)))
            foreach (Type part in type.GetConstructors().SelectMany(c => c.GetParameters()).Select(p => p.ParameterType)
                .Where(t => t.Assembly == typeof(TenantPipeline).Assembly))
                Assert.True(part == typeof(TenantPipeline) || part == typeof(OpenAiLimits),
                    $"{type.Name} takes {part.Name}, which isn't its caller's own; take what TenantPipeline has.");
    }

    // What the operation's path names is each of the one's things; what its query can name, too.
    IEnumerable<string> Paths(Operation operation)
    {
        string collection = operation.Path.Split('/')[2];
        var paths = new List<string> { operation.Path };
        foreach (Match parameter in Parameter().Matches(operation.Path))
        {
            string name = parameter.Groups[1].Value;
            Assert.True(tenants.Things.TryGetValue((collection, name), out string[]? things),
                $"{operation.Path}: say in TenantApi what a tenant has by the name {{{name}}}.");
            paths = [.. paths.SelectMany(p => things.Select(thing => p.Replace(parameter.Value, thing, StringComparison.Ordinal)))];
        }
        string[] queries = [.. operation.Queries.Select(q => (q, Value: Named(q))).Where(q => q.Value.Length > 0)
            .SelectMany(q => q.Value.Select(v => $"?{q.q}={v}"))];
        return paths.SelectMany(p => queries.Append("").Select(query => p + query));
    }

    string[] Named(string parameter) => parameter switch
    {
        "job" or "jobs" or "pipeline" => tenants.Things[("jobs", "id")],
        "cursor" => [tenants.Things[("jobs", "id")][0], tenants.Things[("webhooks", "delivery")][0]],
        "after" => [tenants.Things[("batches", "id")][0], tenants.Things[("files", "id")][0]],
        "name" => [TenantApi.Marker + "-job"],
        "schedule" => tenants.Things[("schedules", "name")],
        "search" => [TenantApi.Marker],
        "prefix" => ["data/" + TenantApi.Marker, ".dbatch/tenants/acme/", "."],
        _ => [],
    };

    // A name of the same form that nobody has.
    static string Unknown(string text) =>
        Ids().Replace(text.Replace(TenantApi.Marker, "nobodyhas1", StringComparison.Ordinal), id => id.Value[..^6] + "ffffff")
        .Replace("/poison/1", "/poison/9", StringComparison.Ordinal);

    // Without what was asked for, without times and versions, and without the ids and secrets of what was made.
    static string Plain(string text, bool made)
    {
        string plain = Times().Replace(Unknown(text), "").Replace("row 1,", "row 9,", StringComparison.Ordinal);
        return made ? Secret().Replace(Ids().Replace(plain, ""), "") : plain;
    }

    async Task<(int Status, string Text)> AskAsync(Operation operation, KeyRole role, string path, string body)
    {
        string key = tenants.Others[role];
        // In each of the ways that a key can be given.
        (string, string)[] headers = _requests++ % 2 == 0 ? [("Authorization", "Bearer " + key)] : [("x-functions-key", key)];
        bool sends = operation.Body is not null;
        using HttpResponseMessage answer =
            await tenants.Api.SendAsync(operation.Method.ToUpperInvariant(), path, sends ? body : null, operation.Body, headers);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    // The one's own key must find it, or what was asked for is none of its things and the test shows nothing.
    async Task<bool> IsFoundAsync(string path)
    {
        if (path.EndsWith("/events", StringComparison.Ordinal) || path.StartsWith("/api/events", StringComparison.Ordinal)) return false;
        using HttpResponseMessage answer = await tenants.SendAsync("GET", path, tenants.Key);
        if (!path.Contains(".dbatch", StringComparison.Ordinal))
            Assert.True(answer.StatusCode != System.Net.HttpStatusCode.NotFound, $"{path}: its owner doesn't find it.");
        return answer.IsSuccessStatusCode;
    }

    // All that the one has: its rows of every table, and its blobs.
    async Task<string> StateAsync()
    {
        var state = new StringBuilder();
        await foreach (BlobEntry blob in tenants.Api.Store.ListAsync($".dbatch/tenants/{TenantApi.One}/",
            TestContext.Current.CancellationToken))
            state.AppendLine(CultureInfo.InvariantCulture, $"{blob.Name} {blob.Length} {blob.Tag}");
        const string Jobs = "job_id in (select id from jobs where tenant = 'acme')";
        using var connection = new SqliteDialect(Path.Combine(Path.GetDirectoryName(tenants.Api.Root)!, "index.db")).Open();
        foreach (string from in (string[])
        [
            "jobs where tenant = 'acme'", "schedules where tenant = 'acme'", "schedule_ticks where tenant = 'acme'",
            "webhooks where tenant = 'acme'", "keys where tenant = 'acme'",
            "uploads where tenant = 'acme'",
            "files where tenant = 'acme'", "batches where tenant = 'acme'", $"tasks where {Jobs}", $"poison where {Jobs}",
            $"deliveries where {Jobs}", $"outbox where {Jobs}",
        ])
        {
            using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The texts are those above.
            command.CommandText = $"select * from {from} order by 1, 2";
#pragma warning restore CA2100
            using var reader = command.ExecuteReader();
            int rows = 0;
            for (; reader.Read(); rows++)
                state.AppendLine(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(i => reader.GetValue(i))));
            if (!from.StartsWith("schedule_ticks", StringComparison.Ordinal)) Assert.True(rows > 0, $"The tenant has no {from}.");
        }
        return state.ToString();
    }

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex Parameter();

    [GeneratedRegex("(job_|wh_|msg_|key_|batch_|file-)[0-9a-f]{32}")]
    private static partial Regex Ids();

    [GeneratedRegex("\"secret\":\"[^\"]*\"")]
    private static partial Regex Secret();

    [GeneratedRegex(@"\d{4}-\d\d-\d\dT[0-9:.]+(Z|[+-]\d\d:\d\d)|""etag"":""[^""]*""")]
    private static partial Regex Times();

    sealed record Operation(string Method, string Path, JsonElement Text)
    {
        public string Id => Text.GetProperty("operationId").GetString()!;

        public bool IsOpen => Text.TryGetProperty("security", out JsonElement security) && security.GetArrayLength() == 0;

        public string? Body => Text.TryGetProperty("requestBody", out JsonElement body)
            ? body.GetProperty("content").EnumerateObject().First().Name
            : null;

        public KeyRole[] Roles => Method == "get" ? [KeyRole.Read, KeyRole.Submit, KeyRole.Admin] : [KeyRole.Submit, KeyRole.Admin];

        public IEnumerable<string> Queries => Text.TryGetProperty("parameters", out JsonElement parameters)
            ? parameters.EnumerateArray().Where(p => p.GetProperty("in").GetString() == "query")
                .Select(p => p.GetProperty("name").GetString()!) : [];
    }
}
