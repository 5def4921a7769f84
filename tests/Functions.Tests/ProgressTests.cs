using System.Net;
using System.Net.ServerSentEvents;
using System.Text.Json;
using DiffusionBatch.Functions.Hosting;
using DiffusionBatch.Functions.Jobs;
using DiffusionBatch.Functions.Poison;
using DiffusionBatch.Functions.Sweeps;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Jobs;
using DiffusionBatch.Pipeline.Manifests;
using DiffusionBatch.Pipeline.Tests.Storage;

namespace DiffusionBatch.Functions.Tests;

/// <summary>What the API shows of jobs that are worked on; the worker is the test.</summary>
public sealed class ProgressTests(AzuriteFixture azurite)
{
    static readonly TimeSpan s_lease = TimeSpan.FromMinutes(1);

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    static async Task<(ApiHost Api, JobView Job)> PlannedAsync()
    {
        ApiHost api = await ApiHost.StartAsync();
        await api.WriteAsync("data/in.jsonl", string.Concat(Enumerable.Range(0, 3).Select(i => $$"""{"id":"{{i}}","source":"text {{i}}"}""" + "\n")));
        await api.WriteAsync("models/m/config.json", """{"model_type":"xlm-roberta"}""");
        await api.WriteAsync("models/m/tokenizer.json", "{}");
        JobView job = await ApiHost.JobAsync(await api.SubmitAsync("""{"kind":"sample","name":"t","model":{"from":"models/m"},"input":"data/in.jsonl","sampler":{"steps":[1,2],"length":{"source":"fixed","value":4} },"shardSize":2,"output":"results/t"}"""), HttpStatusCode.Accepted);
        await api.PumpAsync();
        return (api, job);
    }

    static async Task<TaskRow> ClaimAsync(ApiHost api, string job, int ordinal) => (await api.Index.ClaimAsync(new TaskKey(job, ordinal), "w", s_lease, Cancel)).Task!;

    [Fact]
    public async Task Progress_tasks_and_items_are_shown_as_they_change()
    {
        var (api, job) = await PlannedAsync();
        await using var _ = api;
        JobView planned = await api.GetAsync(job.Id);
        Assert.Equal((JobState.Queued, 2L, 3L), (planned.State, planned.Tasks![TaskState.Queued], planned.Items!.Total!.Value));
        TaskRow task = await ClaimAsync(api, job.Id, 0);
        await api.Index.RenewAsync(task.Key, task.Attempt, s_lease, new TaskProgressRow("sampling", 1, 4, "results") { Figures = new Dictionary<string, double> { ["items/s"] = 2 } }, Cancel);
        JobView running = await api.GetAsync(job.Id);
        Assert.Equal((JobState.Running, "sampling", 1L, 1L), (running.State, running.Progress!.Phase, running.Progress.Done, running.Tasks![TaskState.Running]));
        Assert.True(running.Seconds >= 0);
    }

    [Fact]
    public async Task Finished_parts_are_streamed_in_input_order_while_the_job_runs()
    {
        var (api, job) = await PlannedAsync();
        await using var _ = api;
        await ApiHost.ProblemAsync(await api.SendAsync("GET", $"/api/jobs/{job.Id}/results"), HttpStatusCode.BadRequest, "bad-parameter");
        await ApiHost.ProblemAsync(await api.SendAsync("GET", $"/api/jobs/{job.Id}/results?cell=../x"), HttpStatusCode.BadRequest, "bad-parameter");
        using var none = await api.SendAsync("GET", $"/api/jobs/{job.Id}/results?cell=steps%3D1");
        Assert.Equal((HttpStatusCode.OK, ""), (none.StatusCode, await none.Content.ReadAsStringAsync(Cancel)));
        await api.WriteAsync("results/t/steps=1/part-00001.jsonl", "{\"id\":\"2\"}\n");
        await api.WriteAsync("results/t/steps=1/part-00000.jsonl", "{\"id\":\"0\"}\n{\"id\":\"1\"}\n");
        await api.WriteAsync("results/t/steps=1/trace-00000.jsonl", "trace");
        using var some = await api.SendAsync("GET", $"/api/jobs/{job.Id}/results?cell=steps%3D1");
        Assert.Equal("{\"id\":\"0\"}\n{\"id\":\"1\"}\n{\"id\":\"2\"}\n", await some.Content.ReadAsStringAsync(Cancel));
        Assert.Equal(("application/x-ndjson", "false"), (some.Content.Headers.ContentType?.MediaType, Assert.Single(some.Headers.GetValues("X-Results-Complete"))));
    }

    [Fact]
    public async Task Events_follow_a_job_to_its_end_and_are_not_repeated()
    {
        var (api, job) = await PlannedAsync();
        await using var _ = api;
        using var answer = await api.Client.GetAsync(new Uri($"/api/jobs/{job.Id}/events", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, Cancel);
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);
        var events = SseParser.Create(await answer.Content.ReadAsStreamAsync(Cancel));
        var seen = new List<(string Event, JobState State)>();
        await foreach (SseItem<string> item in events.EnumerateAsync(Cancel))
        {
            seen.Add((item.EventType, JsonSerializer.Deserialize(item.Data, ApiJson.Default.JobView)!.State));
            if (seen.Count == 1) await ClaimAsync(api, job.Id, 0);
            if (seen.Count == 2) await api.SendAsync("DELETE", $"/api/jobs/{job.Id}");
            if (seen[^1].State == JobState.Cancelling) await api.Index.ReleaseAsync(new TaskKey(job.Id, 0), 1, TaskRelease.Stopped, Cancel);
            await api.PumpAsync();
            if (seen[^1].State == JobState.Cancelling) await api.SendAsync("DELETE", $"/api/jobs/{job.Id}");
        }
        Assert.Equal([("progress", JobState.Queued), ("progress", JobState.Running), ("progress", JobState.Cancelling), ("end", JobState.Cancelled)], seen);
        using var again = await api.SendAsync("GET", $"/api/jobs/{job.Id}/events", null, null, ("Last-Event-ID", events.LastEventId));
        Assert.Equal(HttpStatusCode.NoContent, again.StatusCode);
        string late = await (await api.SendAsync("GET", $"/api/jobs/{job.Id}/events", null, null, ("Last-Event-ID", "of-another-time"))).Content.ReadAsStringAsync(Cancel);
        Assert.Contains("event: end\ndata: {\"id\":\"" + job.Id, late, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_poison_list_is_shown_requeued_and_dropped()
    {
        var (api, job) = await PlannedAsync();
        await using var _ = api;
        TaskRow task = await ClaimAsync(api, job.Id, 0);
        await api.Index.PoisonAsync(task.Key, task.Attempt, new PoisonEntry("It broke.", "1"), new TaskCommit(), Cancel);
        async Task<PoisonView[]> List(string query = "") => [.. JsonSerializer.Deserialize(await (await api.SendAsync("GET", "/api/poison" + query)).Content.ReadAsStringAsync(Cancel), ApiJson.Default.PoisonListView)!.Rows];
        PoisonView row = Assert.Single(await List($"?job={job.Id}"));
        Assert.Equal((job.Id, 0, "It broke.", "1", PoisonState.Listed), (row.Job, row.Task, row.Reason, row.ItemId, row.State));
        foreach (string id in new[] { "999", "x", "-1" })
        {
            await ApiHost.ProblemAsync(await api.SendAsync("POST", $"/api/poison/{id}/requeue"), HttpStatusCode.NotFound, "unknown-poison");
            await ApiHost.ProblemAsync(await api.SendAsync("DELETE", $"/api/poison/{id}"), HttpStatusCode.NotFound, "unknown-poison");
        }
        Assert.Equal(HttpStatusCode.NoContent, (await api.SendAsync("DELETE", $"/api/poison/{row.Id}")).StatusCode);
        await ApiHost.ProblemAsync(await api.SendAsync("DELETE", $"/api/poison/{row.Id}"), HttpStatusCode.NotFound, "unknown-poison");
        Assert.Equal(PoisonState.Dropped, Assert.Single(await List()).State);
    }

    [Fact]
    public async Task Sweeps_are_shown_with_scores_and_costs()
    {
        await using ApiHost api = await ApiHost.StartAsync();
        await api.Index.SubmitAsync(new Submission([new SubmittedJob { Id = "job_1", Name = "scores", Kind = JobKind.Evaluate, Output = "reports/e", Manifest = "{}" }]), Cancel);
        await api.Index.ClaimPlanAsync("job_1", "p", s_lease, Cancel);
        await api.Index.FinishAsync("job_1", new JobEnd(JobState.Completed)
        {
            SweepPoints = [new SweepPoint("steps=8") { Steps = 8, Items = 10, ForwardPasses = 80, Tokens = 100, Seconds = 4 }],
            Metrics = [new MetricValue("steps=8", "bleu", 28.5) { Low = 27, High = 30 }],
        }, Cancel);
        async Task<SweepView[]> List(string query) => [.. JsonSerializer.Deserialize(await (await api.SendAsync("GET", "/api/sweeps" + query)).Content.ReadAsStringAsync(Cancel), ApiJson.Default.SweepListView)!.Cells];
        SweepView cell = Assert.Single(await List("?name=scores&metric=bleu"));
        Assert.Equal(("job_1", "scores", "reports/e", "steps=8", 8L, 8.0, 25.0), (cell.Job, cell.Name, cell.Report, cell.Cell, cell.Steps, cell.ForwardPassesPerItem, cell.TokensPerSecond));
        Assert.Equal(new ScoreView(28.5, 27, 30, null), cell.Metrics["bleu"]);
        Assert.Empty(await List("?name=other"));
        await ApiHost.ProblemAsync(await api.SendAsync("GET", "/api/sweeps?limit=0"), HttpStatusCode.BadRequest, "bad-parameter");
    }

    [Fact]
    public async Task On_Azurite_the_queue_trigger_plans_what_is_submitted()
    {
        await using ApiHost api = await ApiHost.StartAsync(await azurite.ConnectAsync());
        Assert.Equal(HttpStatusCode.Created, (await api.SendAsync("PUT", "/api/files/data/in.jsonl", "{\"id\":\"a\",\"source\":\"x\"}\nnonsense\n")).StatusCode);
        foreach (string file in (string[])["config.json", "tokenizer.json"])
            Assert.Equal(HttpStatusCode.Created, (await api.SendAsync("PUT", "/api/files/models/m/" + file, "{}")).StatusCode);
        JobView job = await ApiHost.JobAsync(await api.SubmitAsync("""{"kind":"sample","name":"t","model":{"from":"models/m"},"input":"data/in.jsonl","sampler":{"length":{"source":"fixed","value":4} },"output":"results/t"}"""), HttpStatusCode.Accepted);
        for (int i = 0; !(job = await api.GetAsync(job.Id)).State.IsFinal(); i++)
        {
            Assert.True(i < 300, $"{job.State}");
            await Task.Delay(100, Cancel);
        }
        Assert.Equal((JobState.Failed, "data/in.jsonl", 2), (job.State, job.Problems![0].File, job.Problems[0].Line));
        Assert.Equal(["data/in.jsonl", "models/m/config.json", "models/m/tokenizer.json"], JsonSerializer.Deserialize(await (await api.SendAsync("GET", "/api/files")).Content.ReadAsStringAsync(Cancel), ApiJson.Default.FileListView)!.Files.Select(f => f.Path));
    }
}
