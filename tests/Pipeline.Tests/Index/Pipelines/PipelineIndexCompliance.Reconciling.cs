using Dapper;
using DiffusionBatch.Contracts;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Manifests;

namespace DiffusionBatch.Pipeline.Tests.Index.Pipelines;

public abstract partial class PipelineIndexCompliance
{
    [Fact]
    public async Task Lapsed_claims_are_queued_again_with_a_message()
    {
        string job = await PlannedAsync(3);
        TaskRow lapsed = await ClaimAsync(job, 0);
        Time.Advance(Lease / 2);
        await ClaimAsync(job, 1);
        Time.Advance(Lease / 2);
        int[] freed = await RaceAsync(4, (index, _) => index.Upkeep.FreeLapsedAsync());
        Assert.Equal(1, freed.Sum());
        TaskRow task = await TaskAsync(job, 0);
        Assert.Equal((TaskState.Queued, 1, null, 1), (task.State, task.Failures, task.Owner, task.Attempt));
        Assert.Equal([0], (await SendAsync()).Select(m => m.Ordinal!.Value));
        Assert.Equal(RenewOutcome.Lost, await Index.Tasks.RenewAsync(lapsed.Key, lapsed.Attempt, Lease, null));
        Assert.Equal(2, (await ClaimAsync(job, 0)).Attempt);
    }

    [Fact]
    public async Task Lapsed_claims_of_stopped_jobs_are_cancelled()
    {
        string job = await PlannedAsync(1);
        await ClaimAsync(job, 0);
        await Index.Jobs.CancelAsync(job);
        Time.Advance(Lease);
        Assert.Equal(1, await Index.Upkeep.FreeLapsedAsync());
        Assert.Equal(TaskState.Cancelled, (await TaskAsync(job, 0)).State);
        Assert.Equal([(job, OutboxKind.Finalize)], (await SendAsync()).Select(m => (m.JobId, m.Kind)));
        Assert.Equal([job], await Index.Upkeep.ReadyToFinishAsync());
    }

    [Fact]
    public async Task Lost_messages_are_sent_again_once()
    {
        var unclaimedFor = TimeSpan.FromMinutes(5);
        string unplanned = await SubmitAsync(Job() with { Priority = JobPriority.High });
        await SendAsync();
        string job = await PlannedAsync(2);
        await ClaimAsync(job, 1);
        Assert.Equal(0, await Index.Upkeep.ResendAsync(unclaimedFor));
        Time.Advance(unclaimedFor);
        Assert.Equal(2, await Index.Upkeep.ResendAsync(unclaimedFor));
        Assert.Equal(0, await Index.Upkeep.ResendAsync(unclaimedFor));
        Assert.Equal([(unplanned, OutboxKind.Plan, null, QueueNames.Jobs), (job, OutboxKind.Task, 0, "dbatch-tasks-normal")],
            (await SendAsync()).Select(m => (m.JobId, m.Kind, m.Ordinal, m.Queue)));
        Assert.Equal(0, await Index.Upkeep.ResendAsync(unclaimedFor));
    }

    [Fact]
    public async Task A_planner_that_died_is_asked_for_again_once_its_lease_has_lapsed_however_new_its_message_is()
    {
        var unclaimedFor = TimeSpan.FromMinutes(5);
        string job = await SubmitAsync();
        await SendAsync();
        await Index.Planning.ClaimPlanAsync(job, "p", Lease);
        Time.Advance(Lease - s_second);
        Assert.Equal(0, await Index.Upkeep.ResendAsync(unclaimedFor));
        Time.Advance(s_second);
        Assert.Equal(1, await Index.Upkeep.ResendAsync(unclaimedFor));
        Assert.Equal(0, await Index.Upkeep.ResendAsync(unclaimedFor));
        Time.Advance(s_second);
        Assert.Equal([(job, OutboxKind.Plan)], (await SendAsync()).Select(m => (m.JobId, m.Kind)));
        Assert.Equal(0, await Index.Upkeep.ResendAsync(unclaimedFor));
        // The second message is lost.
        Time.Advance(unclaimedFor);
        Assert.Equal(1, await Index.Upkeep.ResendAsync(unclaimedFor));
    }

    [Fact]
    public async Task A_planner_that_died_is_asked_for_again()
    {
        string job = await SubmitAsync();
        await SendAsync();
        await Index.Planning.ClaimPlanAsync(job, "p", Lease);
        Time.Advance(Lease - s_second);
        Assert.Equal(0, await Index.Upkeep.ResendAsync(s_second));
        Time.Advance(s_second);
        Assert.Equal(1, await Index.Upkeep.ResendAsync(s_second));
    }

    [Fact]
    public async Task Jobs_whose_tasks_are_done_are_ready_to_finish()
    {
        string job = await PlannedAsync(2);
        await WorkAsync(job, 0);
        Assert.Empty(await Index.Upkeep.ReadyToFinishAsync());
        await WorkAsync(job, 1);
        Assert.Equal([job], await Index.Upkeep.ReadyToFinishAsync());
        await Index.Jobs.FinishAsync(job, new JobEnd(JobState.Completed));
        Assert.Empty(await Index.Upkeep.ReadyToFinishAsync());
    }

    [Fact]
    public async Task What_waits_for_ended_jobs_is_moved()
    {
        string[] ids = await SubmitPipelineAsync();
        // As if whoever ended it had known nothing of those that need it.
        using (var connection = Look())
            connection.Execute("update jobs set state = 'completed', finished_at = '2026-01-01T00:00:00.000Z' where id = @id",
                new { id = ids[1] });
        Assert.Equal(1, await Index.Upkeep.AdvanceBlockedAsync());
        Assert.Equal([JobState.Running, JobState.Completed, JobState.Queued, JobState.Blocked], await StatesAsync(ids));
        Assert.Contains(await Index.Outbox.PendingAsync(10), m => m.JobId == ids[2] && m.Kind == OutboxKind.Plan);
        using (var connection = Look())
            connection.Execute("update jobs set state = 'expired', finished_at = '2026-01-01T00:00:00.000Z' where id = @id",
                new { id = ids[2] });
        Assert.Equal(1, await Index.Upkeep.AdvanceBlockedAsync());
        Assert.Equal([JobState.Expired, JobState.Completed, JobState.Expired, JobState.Expired], await StatesAsync(ids));
        using (var connection = Look())
            connection.Execute("update jobs set state = 'running', finished_at = null where id = @id", new { id = ids[0] });
        Assert.Equal(1, await Index.Upkeep.AdvanceBlockedAsync());
        Assert.Equal(JobState.Expired, await StateAsync(ids[0]));
        Assert.Equal(0, await Index.Upkeep.AdvanceBlockedAsync());
    }

    [Fact]
    public async Task What_nobody_began_in_time_expires()
    {
        DateTimeOffset end = Time.GetUtcNow() + TimeSpan.FromHours(1);
        string unplanned = await SubmitAsync(Job() with { ExpiresAt = end }), planned = await SubmitAsync(Job() with { ExpiresAt = end }),
            never = await SubmitAsync();
        await PlanAsync(planned, 2);
        TaskRow task = await ClaimAsync(planned, 0);
        Assert.Equal(0, await Index.Upkeep.ExpireAsync());
        Time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(1, await Index.Upkeep.ExpireAsync());
        Assert.Equal(0, await Index.Upkeep.ExpireAsync());
        Assert.Equal([JobState.Expired, JobState.Running, JobState.Queued], await StatesAsync(unplanned, planned, never));
        // What was begun is stopped, and ended by whoever finalizes it.
        Assert.Equal([planned], await Index.Upkeep.ReadyToFinishAsync());
        Assert.Equal(ClaimStatus.Stopped, (await Index.Tasks.ClaimAsync(new TaskKey(planned, 1), "w", Lease)).Status);
        Assert.Equal(RenewOutcome.Stop, await Index.Tasks.RenewAsync(task.Key, task.Attempt, Lease, null));
        Assert.True(await Index.Jobs.FinishAsync(planned, new JobEnd(JobState.Expired)));
        Time.Advance(Lease);
        Assert.Equal(1, await Index.Upkeep.FreeLapsedAsync());
        Assert.Equal(TaskState.Cancelled, (await TaskAsync(planned, 0)).State);
    }

    [Fact]
    public async Task Jobs_of_dbatch_run_are_left_alone()
    {
        await Index.PingAsync();
        using (var connection = Look())
        {
            connection.Execute("""
                insert into jobs (id, name, kind, output, fingerprint, state, created_at, expires_at)
                values ('job_local', 'l', 'sample', 'o', 'f', 'running', '2020-01-01T00:00:00.000Z', '2020-01-01T00:00:00.000Z')
                """);
        }
        Assert.Equal(0, await Index.Upkeep.ResendAsync(TimeSpan.Zero) + await Index.Upkeep.ExpireAsync()
            + await Index.Upkeep.AdvanceBlockedAsync());
        Assert.Empty(await Index.Upkeep.ReadyToFinishAsync());
        Assert.Null(await Index.Planning.ClaimPlanAsync("job_local", "p", Lease));
    }
}
