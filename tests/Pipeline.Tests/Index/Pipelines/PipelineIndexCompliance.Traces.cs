using Dapper;
using DiffusionBatch.Contracts;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Telemetry;
using DiffusionBatch.Pipeline.Tests.Telemetry;

namespace DiffusionBatch.Pipeline.Tests.Index.Pipelines;

public abstract partial class PipelineIndexCompliance
{
    [Fact]
    public async Task Messages_carry_the_trace_of_their_job()
    {
        using var listener = new Listener();
        string job = await SubmitAsync();
        Assert.Equal(listener.Request.Id, Assert.Single(await SendAsync()).Trace);
        // A part of the same trace is told; what another trace brings about is told by the job's own.
        using (System.Diagnostics.Activity? part = Spans.Begin("plan job")) await PlanWithoutSendingAsync(job, part!.Id);
        using var other = new Listener();
        Assert.NotEqual(listener.Request.TraceId, other.Request.TraceId);
        Time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(1, await Index.Upkeep.ResendAsync(TimeSpan.FromMinutes(5)));
        Assert.Equal(listener.Request.Id, Assert.Single(await SendAsync()).Trace);
        await ClaimAsync(job, 0);
        Time.Advance(Lease);
        Assert.Equal(1, await Index.Upkeep.FreeLapsedAsync());
        Assert.Equal(listener.Request.Id, Assert.Single(await SendAsync()).Trace);
        LapsedAttempt lapsed = (await Index.Tasks.ClaimAsync(new TaskKey(job, 0), "w2", Lease)).Lapsed!;
        Assert.Equal((1, "w1", Lease), (lapsed.Attempt, lapsed.Owner, lapsed.EndedAt - lapsed.StartedAt));
    }

    [Fact]
    public async Task Messages_of_jobs_that_nobody_traced_carry_none()
    {
        await PlannedAsync(1);
        using var connection = Look();
        Assert.Equal(0, connection.ExecuteScalar<long>("select count(*) from outbox where trace is not null"));
    }

    [Fact]
    public async Task What_waits_in_each_queue_is_told_with_its_age()
    {
        Assert.All(await Index.Upkeep.WaitingAsync(), q => Assert.Equal((0L, TimeSpan.Zero), (q.Length, q.Age)));
        string job = await PlannedAsync(3);
        Time.Advance(TimeSpan.FromSeconds(40));
        TaskRow failed = await ClaimAsync(job, 0);
        Assert.True(await Index.Tasks.ReleaseAsync(failed.Key, failed.Attempt, TaskRelease.Failed("x", TimeSpan.FromSeconds(30))));
        await SubmitAsync(Job("other") with { Priority = JobPriority.High });
        Time.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal(
            [("dbatch-tasks-high", 0L, 0), ("dbatch-tasks-normal", 2L, 60), ("dbatch-tasks-low", 0L, 0), ("dbatch-jobs", 1L, 20)],
            (await Index.Upkeep.WaitingAsync()).Select(q => (q.Queue, q.Length, (int)q.Age.TotalSeconds)));
        await ClaimAsync(job, 1);
        await ClaimAsync(job, 2);
        Time.Advance(TimeSpan.FromSeconds(15));
        // Due since the time that it may be tried again.
        Assert.Equal((1L, 5), (await Index.Upkeep.WaitingAsync()).Where(q => q.Queue == "dbatch-tasks-normal")
            .Select(q => (q.Length, (int)q.Age.TotalSeconds)).Single());
        Assert.Equal(0, await Index.Upkeep.PoisonAsync());
        TaskRow poisoned = await ClaimAsync(job, 0);
        Assert.True((await Index.Tasks.PoisonAsync(poisoned.Key, poisoned.Attempt, new PoisonEntry("x", "1"), new TaskCommit())).Committed);
        Assert.Equal(1, await Index.Upkeep.PoisonAsync());
    }

    async Task PlanWithoutSendingAsync(string job, string? expected)
    {
        int plan = (await Index.Planning.ClaimPlanAsync(job, "planner", Lease))!.Value;
        Assert.True(await Index.Planning.AddTasksAsync(job, plan, Tasks(1)));
        Assert.True(await Index.Planning.FinishPlanAsync(job, plan, new PlanOutcome { Fingerprint = "f", Tasks = 1, ItemsTotal = 10 }));
        Assert.Equal(expected, Assert.Single(await SendAsync()).Trace);
    }
}
