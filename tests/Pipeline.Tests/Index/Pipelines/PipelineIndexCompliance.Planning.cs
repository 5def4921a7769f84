using DiffusionBatch.Contracts;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Results;

namespace DiffusionBatch.Pipeline.Tests.Index.Pipelines;

public abstract partial class PipelineIndexCompliance
{
    [Fact]
    public async Task A_plan_becomes_tasks_with_a_message_each()
    {
        string job = await SubmitAsync(Job() with { Priority = JobPriority.Low, Warnings = ["first"] });
        int plan = (await Index.Planning.ClaimPlanAsync(job, "planner", Lease))!.Value;
        Assert.Equal((JobState.Running, "planner"), ((await Index.Jobs.GetAsync(job))!.State, (await Index.Jobs.GetAsync(job))!.Owner));
        await SendAsync();
        // A batch that is sent twice is there once.
        for (int i = 0; i < 2; i++) Assert.True(await Index.Planning.AddTasksAsync(job, plan, Tasks(3)));
        Assert.Empty(await Index.Outbox.PendingAsync(10));
        var outcome = new PlanOutcome
        {
            Fingerprint = "abc",
            Tasks = 3,
            ItemsTotal = 30,
            InputEtag = "e1",
            EstimateSeconds = 9,
            Warnings = ["second"]
        };
        await Assert.ThrowsAsync<InvalidOperationException>(() => Index.Planning.FinishPlanAsync(job, plan, outcome with { Tasks = 4 }));
        Assert.True(await Index.Planning.FinishPlanAsync(job, plan, outcome));
        JobRow row = (await Index.Jobs.GetAsync(job))!;
        Assert.Equal((JobState.Queued, 3L, 30L, "abc", "e1", 9.0),
            (row.State, row.TasksTotal, row.ItemsTotal, row.Fingerprint, row.InputEtag, row.EstimateSeconds));
        Assert.Equal(["first", "second"], row.Warnings);
        IReadOnlyList<OutboxRow> messages = await Index.Outbox.PendingAsync(10);
        Assert.Equal([(OutboxKind.Task, 0, "dbatch-tasks-low"), (OutboxKind.Task, 1, "dbatch-tasks-low"),
            (OutboxKind.Task, 2, "dbatch-tasks-low")], messages.Select(m => (m.Kind, m.Ordinal!.Value, m.Queue)));
        TaskRow task = (await Index.Tasks.ListAsync(job))[2];
        Assert.Equal((TaskState.Queued, 2, 20L, 10L, 200L, 100L, 21L, 10L),
            (task.State, task.Part!.Value, task.FirstItem, task.ItemCount, task.ByteOffset, task.ByteLength, task.FirstLine,
                task.ProgressTotal));
        // It is planned: nobody plans it again, not even who did.
        Assert.Null(await Index.Planning.ClaimPlanAsync(job, "planner", Lease));
        Assert.False(await Index.Planning.AddTasksAsync(job, plan, Tasks(4)));
        Assert.False(await Index.Planning.FinishPlanAsync(job, plan, outcome));
    }

    [Fact]
    public async Task Of_many_planners_one_plans_and_a_dead_one_is_followed()
    {
        string job = await SubmitAsync();
        int?[] claims = await RaceAsync(6, (index, i) => index.Planning.ClaimPlanAsync(job, "p" + i, Lease));
        int plan = Assert.Single(claims, c => c is not null)!.Value;
        Time.Advance(Lease / 2);
        // Adding tasks renews the lease.
        Assert.True(await Index.Planning.AddTasksAsync(job, plan, Tasks(5)));
        Time.Advance(Lease - s_second);
        Assert.Null(await Index.Planning.ClaimPlanAsync(job, "q", Lease));
        Time.Advance(s_second);
        int next = (await Index.Planning.ClaimPlanAsync(job, "q", Lease))!.Value;
        Assert.True(next > plan);
        // The late one is fenced off, and its tasks are gone.
        Assert.False(await Index.Planning.AddTasksAsync(job, plan, Tasks(5)));
        Assert.False(await Index.Planning.FinishPlanAsync(job, plan, new PlanOutcome { Fingerprint = "f", Tasks = 5 }));
        Assert.Empty(await Index.Tasks.ListAsync(job));
        Assert.True(await Index.Planning.AddTasksAsync(job, next, Tasks(2)));
        Assert.True(await Index.Planning.FinishPlanAsync(job, next, new PlanOutcome { Fingerprint = "f", Tasks = 2 }));
    }

    [Fact]
    public async Task What_is_cancelled_blocked_expired_or_no_job_is_not_planned()
    {
        string[] ids = await SubmitPipelineAsync();
        Assert.Null(await Index.Planning.ClaimPlanAsync(ids[0], "p", Lease));
        Assert.Null(await Index.Planning.ClaimPlanAsync(ids[2], "p", Lease));
        Assert.Null(await Index.Planning.ClaimPlanAsync("job_none", "p", Lease));
        string late = await SubmitAsync(Job() with { ExpiresAt = Time.GetUtcNow() + s_second });
        int plan = (await Index.Planning.ClaimPlanAsync(ids[1], "p", Lease))!.Value;
        Time.Advance(s_second);
        Assert.Null(await Index.Planning.ClaimPlanAsync(late, "p", Lease));
        Assert.Equal(CancelOutcome.Cancelling, await Index.Jobs.CancelAsync(ids[1]));
        Assert.False(await Index.Planning.AddTasksAsync(ids[1], plan, Tasks(1)));
        Assert.False(await Index.Planning.FinishPlanAsync(ids[1], plan, new PlanOutcome { Fingerprint = "f", Tasks = 1 }));
        Assert.Contains(await Index.Outbox.PendingAsync(10), m => m.JobId == ids[1] && m.Kind == OutboxKind.Finalize);
    }

    [Fact]
    public async Task A_job_that_is_bad_or_done_ends_while_it_is_planned()
    {
        string bad = await SubmitAsync(), done = await SubmitAsync();
        await Index.Planning.ClaimPlanAsync(bad, "p", Lease);
        await Index.Planning.ClaimPlanAsync(done, "p", Lease);
        var problem = new Problems.Problem("data/in.jsonl", null, 3, null, "The id is missing.");
        Assert.True(await Index.Jobs.FinishAsync(bad, new JobEnd(JobState.Failed) { Error = "The input is bad.", Problems = [problem] }));
        Assert.True(await Index.Jobs.FinishAsync(done,
            new JobEnd(JobState.Completed) { Items = new ItemCounts(5, 5, 0), Fingerprint = "f1" }));
        Assert.Equal([problem], (await Index.Jobs.GetAsync(bad))!.Problems);
        JobRow row = (await Index.Jobs.GetAsync(done))!;
        Assert.Equal((JobState.Completed, 5L, 5L, 0L, "f1"),
            (row.State, row.ItemsTotal, row.ItemsSucceeded, row.ItemsErrored, row.Fingerprint));
    }
}
