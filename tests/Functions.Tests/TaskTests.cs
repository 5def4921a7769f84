using System.Net;
using System.Net.ServerSentEvents;
using System.Text.Json;
using DiffusionBatch.Contracts;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Manifests;

namespace DiffusionBatch.Functions.Tests;

/// <summary>Tasks and their attempts, trying again, and what was submitted; the worker is the test.</summary>
[Collection(SharedApiTests.Name)]
public sealed class TaskTests(SharedApi shared)
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

    async Task<TaskListView> TasksAsync(string job, string query = "") => JsonSerializer.Deserialize(
        await (await Api.SendAsync("GET", $"/api/jobs/{job}/tasks{query}")).Content.ReadAsStringAsync(Cancel),
        ApiJson.Default.TaskListView)!;

    [Fact]
    public async Task Tasks_are_paged_and_tell_who_tried_them()
    {
        JobView job = await PlannedAsync();
        for (int attempt = 1; attempt <= 2; attempt++)
        {
            TaskRow task = (await Api.Index.Tasks.ClaimAsync(new TaskKey(job.Id, 0), $"worker-{attempt}", s_lease, Cancel)).Task!;
            if (attempt == 1)
                Assert.True(await Api.Index.Tasks.ReleaseAsync(task.Key, task.Attempt, TaskRelease.Failed("It broke.", TimeSpan.Zero),
                    Cancel));
        }
        TaskListView page = await TasksAsync(job.Id, "?limit=1");
        TaskView first = Assert.Single(page.Tasks);
        Assert.Equal((0, TaskState.Running, 0L, 2L, "worker-2", "0"),
            (first.Task, first.State, first.FirstItem, first.ItemCount, first.Worker, page.Next));
        Assert.Equal([(1, "worker-1", true), (2, "worker-2", false)],
            first.Attempts.Select(a => (a.Number, a.Worker, a.EndedAt is not null)));
        Assert.Equal(("failed", "It broke.", null), (first.Attempts[0].Outcome, first.Attempts[0].Error, first.Attempts[1].Outcome));
        TaskListView rest = await TasksAsync(job.Id, $"?limit=1&cursor={page.Next}");
        Assert.Equal((1, TaskState.Queued, null), (Assert.Single(rest.Tasks).Task, rest.Tasks[0].State, rest.Next));
        Assert.Equal([1], (await TasksAsync(job.Id, "?state=queued,completed")).Tasks.Select(t => t.Task));
        Assert.Empty((await TasksAsync(job.Id, "?state=poisoned")).Tasks);
        await ApiHost.ProblemAsync(await Api.SendAsync("GET", $"/api/jobs/{job.Id}/tasks?cursor=x"), HttpStatusCode.BadRequest,
            "bad-parameter");
        await ApiHost.ProblemAsync(await Api.SendAsync("GET", "/api/jobs/job_none/tasks"), HttpStatusCode.NotFound, "unknown-job");
    }

    [Fact]
    public async Task A_failed_job_is_tried_again_and_no_other()
    {
        JobView job = await PlannedAsync();
        await ApiHost.ProblemAsync(await Api.SendAsync("POST", $"/api/jobs/{job.Id}/retry"), HttpStatusCode.Conflict, "not-retried");
        await ApiHost.ProblemAsync(await Api.SendAsync("POST", "/api/jobs/job_none/retry"), HttpStatusCode.NotFound, "unknown-job");
        await Api.Index.Jobs.FinishAsync(job.Id, new JobEnd(JobState.Failed) { Error = "It broke." }, Cancel);
        JobView again = await ApiHost.JobAsync(await Api.SendAsync("POST", $"/api/jobs/{job.Id}/retry"), HttpStatusCode.Accepted);
        Assert.Equal((JobState.Queued, null, 2L), (again.State, again.Error, again.Tasks![TaskState.Queued]));
    }

    [Fact]
    public async Task What_was_submitted_can_be_read_and_submitted_anew()
    {
        string name = ApiHost.NewName();
        JobView job = await ApiHost.JobAsync(await Api.SubmitAsync(SharedApi.Sample(name)), HttpStatusCode.Accepted);
        string manifest = await (await Api.SendAsync("GET", $"/api/jobs/{job.Id}/manifest")).Content.ReadAsStringAsync(Cancel);
        using var read = JsonDocument.Parse(manifest);
        Assert.Equal(("sample", name, $"results/{name}"),
            (read.RootElement.GetProperty("kind").GetString(), read.RootElement.GetProperty("name").GetString(),
                read.RootElement.GetProperty("output").GetString()));
        Assert.Equal(name, (await ApiHost.JobAsync(await Api.SubmitAsync(manifest), HttpStatusCode.Accepted)).Name);
        await ApiHost.ProblemAsync(await Api.SendAsync("GET", "/api/jobs/job_none/manifest"), HttpStatusCode.NotFound, "unknown-job");
    }

    [Fact]
    public async Task Jobs_are_found_by_a_part_of_their_name_to_the_letter()
    {
        string name = ApiHost.NewName() + "-needle-x";
        JobView job = await ApiHost.JobAsync(await Api.SubmitAsync(SharedApi.Sample(name)), HttpStatusCode.Accepted);
        async Task<string[]> Found(string search) =>
            [.. JsonSerializer.Deserialize(
                await (await Api.SendAsync("GET", $"/api/jobs?search={Uri.EscapeDataString(search)}")).Content.ReadAsStringAsync(Cancel),
                ApiJson.Default.JobListView)!.Jobs.Select(j => j.Id)];
        Assert.Equal([job.Id], await Found("needle-x"));
        foreach (string none in new[] { "needle_x", "nee%x", "needle!x", "needle-xx" }) Assert.Empty(await Found(none));
    }

    [Fact]
    public async Task Several_jobs_are_followed_in_one_stream_to_the_last_ones_end()
    {
        JobView a = await PlannedAsync(), b = await PlannedAsync();
        using var answer = await Api.Client.GetAsync(new Uri($"/api/events?jobs={a.Id},{b.Id},job_none", UriKind.Relative),
            HttpCompletionOption.ResponseHeadersRead, Cancel);
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);
        var seen = new List<(string, string)>();
        await foreach (SseItem<string> item in SseParser.Create(await answer.Content.ReadAsStreamAsync(Cancel)).EnumerateAsync(Cancel))
        {
            seen.Add((item.EventType, JsonSerializer.Deserialize(item.Data, ApiJson.Default.JobView)!.Id));
            if (seen.Count == 2) await Api.SendAsync("DELETE", $"/api/jobs/{b.Id}");
            if (seen.Count == 3) await Api.SendAsync("DELETE", $"/api/jobs/{a.Id}");
        }
        Assert.Equal([("progress", a.Id), ("progress", b.Id), ("end", b.Id), ("end", a.Id)], seen);
        foreach (string jobs in new[] { "", string.Join(',', Enumerable.Range(0, 101)) })
            await ApiHost.ProblemAsync(await Api.SendAsync("GET", $"/api/events?jobs={jobs}"), HttpStatusCode.BadRequest, "bad-parameter");
    }
}
