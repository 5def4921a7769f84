using System.Diagnostics;
using System.Net;
using System.Text.Json;
using DiffusionBatch.Contracts;
using Microsoft.AspNetCore.Http;

namespace DiffusionBatch.Functions.Tests;

/// <summary>The app on storage as it is deployed, and on storage that is away, refuses, or breaks off.</summary>
public sealed class StorageTests(AzuriteFixture azurite)
{
    static readonly (string, string)[] s_noTimers = [("AzureWebJobs.Relay.Disabled", "1"), ("AzureWebJobs.Reconcile.Disabled", "1"),
        ("AzureWebJobs.Control.Disabled", "1")];

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    static async Task<JobView> SubmittedAsync(ApiHost api, string input)
    {
        Assert.Equal(HttpStatusCode.Created, (await api.SendAsync("PUT", "/api/files/" + SharedApi.Input, input)).StatusCode);
        foreach (string file in new[] { "config.json", "tokenizer.json" })
            Assert.Equal(HttpStatusCode.Created, (await api.SendAsync("PUT", $"/api/files/{SharedApi.Model}/{file}", "{}")).StatusCode);
        return await ApiHost.JobAsync(await api.SubmitAsync(SharedApi.Sample("t")), HttpStatusCode.Accepted);
    }

    [Fact]
    public async Task The_queue_trigger_plans_what_is_submitted()
    {
        await using ApiHost api = await ApiHost.StartAsync(await azurite.ConnectAsync());
        JobView job = await SubmittedAsync(api, "{\"id\":\"a\",\"source\":\"x\"}\nnonsense\n");
        await ApiHost.UntilAsync(async () => (job = await api.GetAsync(job.Id)).State.IsFinal(),
            () => $"{job.State}\n{string.Join('\n', api.Log)}");
        Assert.Equal((JobState.Failed, SharedApi.Input, 2), (job.State, job.Problems![0].File, job.Problems[0].Line));
        using HttpResponseMessage files = await api.SendAsync("GET", "/api/files");
        Assert.Equal(["data/in.jsonl", "models/m/config.json", "models/m/tokenizer.json"],
            JsonSerializer.Deserialize(await files.Content.ReadAsStringAsync(Cancel),
                ApiJson.Default.FileListView)!.Files.Select(f => f.Path));
    }

    [Fact]
    public async Task Storage_that_is_away_is_told_in_time_and_used_once_it_is_back()
    {
        await using var gate = new StorageGate(await azurite.ConnectAsync());
        await using ApiHost api = await ApiHost.StartAsync(gate.Connection, ("AzureWebJobs.Control.Disabled", "1"));
        await api.SendAsync("GET", "/api/health/live");
        long began = Stopwatch.GetTimestamp();
        using (HttpResponseMessage ready = await api.SendAsync("GET", "/api/health/ready"))
        {
            Assert.InRange(Stopwatch.GetElapsedTime(began).TotalSeconds, 0, 8);
            Assert.Equal((HttpStatusCode.ServiceUnavailable, """{"status":"unavailable","index":true,"storage":false,"queues":false}"""),
                (ready.StatusCode, await ready.Content.ReadAsStringAsync(Cancel)));
        }
        using (HttpResponseMessage put = await api.SendAsync("PUT", "/api/files/f", "x"))
        {
            await ApiHost.ProblemAsync(put, HttpStatusCode.ServiceUnavailable, "unavailable");
            Assert.NotNull(put.Headers.RetryAfter);
        }
        Assert.Equal(HttpStatusCode.OK, (await api.SendAsync("GET", "/api/jobs")).StatusCode);
        await api.LogsAsync("WriteFile couldn't do its work: Storage failed");
        Assert.DoesNotContain(api.Log, line => line.Contains(" fail: Microsoft", StringComparison.Ordinal));
        await gate.OpenAsync();
        await ApiHost.UntilAsync(async () => (await api.SendAsync("GET", "/api/health/ready")).StatusCode == HttpStatusCode.OK,
            () => string.Join('\n', api.Log));
        Assert.Equal(HttpStatusCode.Created, (await api.SendAsync("PUT", "/api/files/f", "x")).StatusCode);
    }

    [Fact]
    public async Task A_failure_before_the_first_byte_is_a_problem_document()
    {
        await using var gate = new StorageGate(await azurite.ConnectAsync());
        await gate.OpenAsync();
        await using ApiHost api = await ApiHost.StartAsync(gate.Connection, s_noTimers);
        JobView job = await PlannedAsync(api);
        // Listing the parts is the first thing that is done for the body.
        gate.Refuses = request => request.Query["comp"] == "list";
        using HttpResponseMessage answer = await api.SendAsync("GET", $"/api/jobs/{job.Id}/results?cell=steps%3D1");
        await ApiHost.ProblemAsync(answer, HttpStatusCode.InternalServerError, "failure");
        Assert.False(answer.Headers.Contains("X-Results-Complete"));
        await api.LogsAsync("JobResults failed");
    }

    [Fact]
    public async Task A_failure_in_the_middle_breaks_the_connection_off()
    {
        await using var gate = new StorageGate(await azurite.ConnectAsync());
        await gate.OpenAsync();
        await using ApiHost api = await ApiHost.StartAsync(gate.Connection, s_noTimers);
        JobView job = await PlannedAsync(api);
        const string Part = "results/t/steps=1/part-00001.jsonl";
        await api.WriteAsync("results/t/steps=1/part-00000.jsonl", new string('0', 100_000));
        await api.WriteAsync(Part, new string('1', 1_000_000));
        bool broken = false;
        bool IsPart(HttpRequest request) =>
            HttpMethods.IsGet(request.Method) && request.Path.Value!.EndsWith(Part, StringComparison.Ordinal);
        // The client takes up where it was cut off; then it is refused.
        gate.Refuses = request => IsPart(request) && broken;
        gate.Cuts = request =>
        {
            if (!IsPart(request)) return null;
            broken = true;
            return 300_000;
        };
        foreach (string path in new[] { $"/api/jobs/{job.Id}/results?cell=steps%3D1", "/api/files/" + Part })
        {
            broken = false;
            using HttpResponseMessage answer =
                await api.Client.GetAsync(new Uri(path, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, Cancel);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            await using Stream body = await answer.Content.ReadAsStreamAsync(Cancel);
            await Assert.ThrowsAnyAsync<IOException>(() => body.CopyToAsync(Stream.Null, Cancel));
        }
        await api.LogsAsync("JobResults failed");
        await api.LogsAsync("ReadFile failed");
    }

    [Fact]
    public async Task A_range_is_read_from_the_storage_where_it_begins()
    {
        await using var gate = new StorageGate(await azurite.ConnectAsync());
        await gate.OpenAsync();
        await using ApiHost api = await ApiHost.StartAsync(gate.Connection, s_noTimers);
        await api.WriteAsync("models/large", new string('0', 1_000_000) + "rest");
        var asked = new List<string>();
        gate.Refuses = request =>
        {
            if (HttpMethods.IsGet(request.Method) && request.Path.Value!.EndsWith("models/large", StringComparison.Ordinal))
                asked.Add(request.Headers["x-ms-range"].ToString());
            return false;
        };
        using HttpResponseMessage answer = await api.SendAsync("GET", "/api/files/models/large", null, null, ("Range", "bytes=1000000-"));
        Assert.Equal((HttpStatusCode.PartialContent, "rest"), (answer.StatusCode, await answer.Content.ReadAsStringAsync(Cancel)));
        Assert.Equal(["bytes=1000000-"], asked);
    }

    static async Task<JobView> PlannedAsync(ApiHost api)
    {
        JobView job = await SubmittedAsync(api, "{\"id\":\"a\",\"source\":\"x\"}\n");
        await api.PlanAsync(job.Id);
        return job;
    }
}
