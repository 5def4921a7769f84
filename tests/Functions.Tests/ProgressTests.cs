using System.Net;
using System.Net.ServerSentEvents;
using System.Text.Json;
using DiffusionBatch.Contracts;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Jobs;
using DiffusionBatch.Pipeline.Manifests;

namespace DiffusionBatch.Functions.Tests;

/// <summary>What the API shows of jobs that are worked on; the worker is the test.</summary>
[Collection(SharedApiTests.Name)]
public sealed class ProgressTests(SharedApi shared)
{
    static readonly TimeSpan s_lease = TimeSpan.FromMinutes(1);

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    ApiHost Api => shared.Api;

    async Task<JobView> PlannedAsync()
    {
        JobView job = await ApiHost.JobAsync(await Api.SubmitAsync(SharedApi.Sample(ApiHost.NewName())), HttpStatusCode.Accepted);
        await Api.PlanAsync(job.Id);
        return job;
    }

    async Task<TaskRow> ClaimAsync(string job, int ordinal) =>
        (await Api.Index.Tasks.ClaimAsync(new TaskKey(job, ordinal), "w", s_lease, Cancel)).Task!;

    [Fact]
    public async Task Progress_tasks_and_items_are_shown_as_they_change()
    {
        JobView job = await PlannedAsync();
        JobView planned = await Api.GetAsync(job.Id);
        Assert.Equal((JobState.Queued, 2L, 3L), (planned.State, planned.Tasks![TaskState.Queued], planned.Items!.Total!.Value));
        TaskRow task = await ClaimAsync(job.Id, 0);
        await Api.Index.Tasks.RenewAsync(task.Key, task.Attempt, s_lease,
            new TaskProgressRow("sampling", 1, 4, "results") { Figures = new Dictionary<string, double> { ["items/s"] = 2 } }, Cancel);
        JobView running = await Api.GetAsync(job.Id);
        Assert.Equal((JobState.Running, "sampling", 1L, 1L),
            (running.State, running.Progress!.Phase, running.Progress.Done, running.Tasks![TaskState.Running]));
        Assert.True(running.Seconds >= 0);
    }

    [Fact]
    public async Task Finished_parts_are_streamed_in_input_order_while_the_job_runs()
    {
        JobView job = await PlannedAsync();
        await ApiHost.ProblemAsync(await Api.SendAsync("GET", $"/api/jobs/{job.Id}/results"), HttpStatusCode.BadRequest, "bad-parameter");
        await ApiHost.ProblemAsync(await Api.SendAsync("GET", $"/api/jobs/{job.Id}/results?cell=../x"), HttpStatusCode.BadRequest,
            "bad-parameter");
        using var none = await Api.SendAsync("GET", $"/api/jobs/{job.Id}/results?cell=steps%3D1");
        Assert.Equal((HttpStatusCode.OK, ""), (none.StatusCode, await none.Content.ReadAsStringAsync(Cancel)));
        await Api.WriteAsync($"results/{job.Name}/steps=1/part-00001.jsonl", "{\"id\":\"2\"}\n");
        await Api.WriteAsync($"results/{job.Name}/steps=1/part-00000.jsonl", "{\"id\":\"0\"}\n{\"id\":\"1\"}\n");
        await Api.WriteAsync($"results/{job.Name}/steps=1/trace-00000.jsonl", "trace");
        using var some = await Api.SendAsync("GET", $"/api/jobs/{job.Id}/results?cell=steps%3D1");
        Assert.Equal("{\"id\":\"0\"}\n{\"id\":\"1\"}\n{\"id\":\"2\"}\n", await some.Content.ReadAsStringAsync(Cancel));
        Assert.Equal(("application/x-ndjson", "false"),
            (some.Content.Headers.ContentType?.MediaType, Assert.Single(some.Headers.GetValues("X-Results-Complete"))));
    }

    [Fact]
    public async Task Events_follow_a_job_to_its_end_and_are_not_repeated()
    {
        JobView job = await PlannedAsync();
        using var answer = await Api.Client.GetAsync(new Uri($"/api/jobs/{job.Id}/events", UriKind.Relative),
            HttpCompletionOption.ResponseHeadersRead, Cancel);
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);
        var events = SseParser.Create(await answer.Content.ReadAsStreamAsync(Cancel));
        var seen = new List<(string Event, JobState State)>();
        await foreach (SseItem<string> item in events.EnumerateAsync(Cancel))
        {
            seen.Add((item.EventType, JsonSerializer.Deserialize(item.Data, ApiJson.Default.JobView)!.State));
            if (seen.Count == 1) await ClaimAsync(job.Id, 0);
            if (seen.Count == 2) await Api.SendAsync("DELETE", $"/api/jobs/{job.Id}");
            if (seen[^1].State == JobState.Cancelling)
                await Api.Index.Tasks.ReleaseAsync(new TaskKey(job.Id, 0), 1, TaskRelease.Stopped, Cancel);
            await Api.FinalizeAsync(job.Id);
            if (seen[^1].State == JobState.Cancelling) await Api.SendAsync("DELETE", $"/api/jobs/{job.Id}");
        }
        Assert.Equal([("progress", JobState.Queued), ("progress", JobState.Running), ("progress", JobState.Cancelling),
            ("end", JobState.Cancelled)], seen);
        using var again = await Api.SendAsync("GET", $"/api/jobs/{job.Id}/events", null, null, ("Last-Event-ID", events.LastEventId));
        Assert.Equal(HttpStatusCode.NoContent, again.StatusCode);
        string late =
            await (await Api.SendAsync("GET", $"/api/jobs/{job.Id}/events", null, null,
                ("Last-Event-ID", "of-another-time"))).Content.ReadAsStringAsync(Cancel);
        Assert.Contains("event: end\ndata: {\"id\":\"" + job.Id, late, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_poison_list_is_shown_requeued_and_dropped()
    {
        JobView job = await PlannedAsync();
        TaskRow task = await ClaimAsync(job.Id, 0);
        await Api.Index.Tasks.PoisonAsync(task.Key, task.Attempt, new PoisonEntry("It broke.", "1"), new TaskCommit(), Cancel);
        async Task<PoisonView[]> List(string query = "") =>
            [.. JsonSerializer.Deserialize(await (await Api.SendAsync("GET", "/api/poison" + query)).Content.ReadAsStringAsync(Cancel),
                ApiJson.Default.PoisonListView)!.Rows];
        PoisonView row = Assert.Single(await List($"?job={job.Id}"));
        Assert.Equal((job.Id, 0, "It broke.", "1", PoisonState.Listed), (row.Job, row.Task, row.Reason, row.ItemId, row.State));
        foreach (string id in new[] { "999", "x", "-1" })
        {
            await ApiHost.ProblemAsync(await Api.SendAsync("POST", $"/api/poison/{id}/requeue"), HttpStatusCode.NotFound, "unknown-poison");
            await ApiHost.ProblemAsync(await Api.SendAsync("DELETE", $"/api/poison/{id}"), HttpStatusCode.NotFound, "unknown-poison");
        }
        Assert.Equal(HttpStatusCode.NoContent, (await Api.SendAsync("DELETE", $"/api/poison/{row.Id}")).StatusCode);
        await ApiHost.ProblemAsync(await Api.SendAsync("DELETE", $"/api/poison/{row.Id}"), HttpStatusCode.NotFound, "unknown-poison");
        Assert.Equal(PoisonState.Dropped, Assert.Single(await List(), r => r.Id == row.Id).State);
    }

    [Fact]
    public async Task Sweeps_are_shown_with_scores_and_costs()
    {
        string id = "job_00" + ApiHost.NewName(), name = ApiHost.NewName();
        await Api.Index.Jobs.SubmitAsync(
            new Submission([new SubmittedJob { Id = id, Name = name, Kind = JobKind.Evaluate, Output = "reports/e", Manifest = "{}" }]),
            Cancel);
        await Api.Index.Planning.ClaimPlanAsync(id, "p", s_lease, Cancel);
        await Api.Index.Jobs.FinishAsync(id, new JobEnd(JobState.Completed)
        {
            SweepPoints = [new SweepPoint("steps=8") { Steps = 8, Items = 10, ForwardPasses = 80, Tokens = 100, Seconds = 4 }],
            Metrics = [new MetricValue("steps=8", "bleu", 28.5) { Low = 27, High = 30 }],
        }, Cancel);
        async Task<SweepView[]> List(string query) =>
            [.. JsonSerializer.Deserialize(await (await Api.SendAsync("GET", "/api/sweeps" + query)).Content.ReadAsStringAsync(Cancel),
                ApiJson.Default.SweepListView)!.Cells];
        SweepView cell = Assert.Single(await List($"?name={name}&metric=bleu"));
        Assert.Equal((id, name, "reports/e", "steps=8", 8L, 8.0, 25.0),
            (cell.Job, cell.Name, cell.Report, cell.Cell, cell.Steps, cell.ForwardPassesPerItem, cell.TokensPerSecond));
        Assert.Equal(new ScoreView(28.5, 27, 30, null), cell.Metrics["bleu"]);
        Assert.Empty(await List("?name=other"));
        await ApiHost.ProblemAsync(await Api.SendAsync("GET", "/api/sweeps?limit=0"), HttpStatusCode.BadRequest, "bad-parameter");
    }
}
