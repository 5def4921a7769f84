using Dapper;
using DiffusionBatch.Contracts;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Jobs;
using DiffusionBatch.Pipeline.Manifests;
using DiffusionBatch.Pipeline.Results;

namespace DiffusionBatch.Pipeline.Tests.Index.Pipelines;

public abstract partial class PipelineIndexCompliance
{
    [Fact]
    public async Task Of_many_who_end_a_job_one_does()
    {
        string job = await PlannedAsync(1);
        await WorkAsync(job, 0);
        var end = new JobEnd(JobState.CompletedWithErrors)
        {
            Items = new ItemCounts(10, 9, 1),
            Warnings = ["1 of 10"],
            Metrics = [new MetricValue("", "loss", 0.5)],
            SweepPoints = [new SweepPoint("all")],
            Speed = new SpeedSample("m", 100, 10),
        };
        bool[] ended = await RaceAsync(6, (index, _) => index.Jobs.FinishAsync(job, end));
        Assert.Single(ended, e => e);
        JobRow row = (await Index.Jobs.GetAsync(job))!;
        Assert.Equal((JobState.CompletedWithErrors, 10L, 9L, 1L, Time.GetUtcNow()),
            (row.State, row.ItemsTotal, row.ItemsSucceeded, row.ItemsErrored, row.FinishedAt));
        Assert.Equal(["1 of 10"], row.Warnings);
        Assert.Equal(1, (await Index.Caches.SpeedAsync("sample", "m"))!.Jobs);
        // Messages that weren't sent yet have nobody to serve.
        Assert.Empty(await Index.Outbox.PendingAsync(10));
        Assert.False(await Index.Jobs.FinishAsync(job, new JobEnd(JobState.Failed)));
        await Assert.ThrowsAsync<ArgumentException>(() => Index.Jobs.FinishAsync(job, new JobEnd(JobState.Running)));
        await Assert.ThrowsAsync<InvalidOperationException>(() => Index.Jobs.FinishAsync("job_none", end));
    }

    [Fact]
    public async Task A_job_ends_by_the_state_machine_only()
    {
        string job = await SubmitAsync();
        await Assert.ThrowsAsync<InvalidOperationException>(() => Index.Jobs.FinishAsync(job, new JobEnd(JobState.Completed)));
        Assert.Equal(JobState.Queued, await StateAsync(job));
    }

    [Fact]
    public async Task Jobs_follow_those_that_they_need_and_the_pipeline_follows_them()
    {
        string[] ids = await SubmitPipelineAsync();
        await PlanAsync(ids[1], 1, kind: JobKind.Finetune);
        Assert.Equal(JobState.Running, await StateAsync(ids[0]));
        await WorkAsync(ids[1], 0);
        await SendAsync();
        Assert.True(await Index.Jobs.FinishAsync(ids[1], new JobEnd(JobState.Completed)));
        Assert.Equal([JobState.Running, JobState.Completed, JobState.Queued, JobState.Blocked], await StatesAsync(ids));
        Assert.Equal([(ids[2], OutboxKind.Plan)], (await Index.Outbox.PendingAsync(10)).Select(m => (m.JobId, m.Kind)));
        await PlanAsync(ids[2], 1);
        await WorkAsync(ids[2], 0);
        Assert.True(await Index.Jobs.FinishAsync(ids[2], new JobEnd(JobState.CompletedWithErrors)));
        await CompleteAsync(ids[3], JobKind.Evaluate);
        JobRow pipeline = (await Index.Jobs.GetAsync(ids[0]))!;
        Assert.Equal((JobState.CompletedWithErrors, Time.GetUtcNow()), (pipeline.State, pipeline.FinishedAt));
        JobFigures figures = await Index.Jobs.FiguresAsync(ids[0]);
        Assert.Equal((3L, 30L, 30L), (figures.Tasks[TaskState.Completed], figures.Done, figures.ItemsSucceeded));
    }

    [Fact]
    public async Task What_needs_a_failed_job_fails_with_it()
    {
        string[] ids = await SubmitPipelineAsync();
        await PlanAsync(ids[1], 2, kind: JobKind.Finetune);
        TaskRow task = await ClaimAsync(ids[1], 0);
        Assert.True(await Index.Jobs.FinishAsync(ids[1], new JobEnd(JobState.Failed) { Error = "No." }));
        Assert.Equal([JobState.Failed, JobState.Failed, JobState.Failed, JobState.Failed], await StatesAsync(ids));
        Assert.Equal("f failed.", (await Index.Jobs.GetAsync(ids[0]))!.Error);
        Assert.Equal("It needs the output of s, which failed.", (await Index.Jobs.GetAsync(ids[3]))!.Error);
        // What waited is cancelled; what runs is told, and its commit counts no more.
        Assert.Equal(TaskState.Cancelled, (await TaskAsync(ids[1], 1)).State);
        Assert.Equal(RenewOutcome.Stop, await Index.Tasks.RenewAsync(task.Key, task.Attempt, Lease, null));
        Assert.Equal(CommitOutcome.Fenced, await Index.Tasks.CommitAsync(task.Key, task.Attempt, new TaskCommit()));
        Assert.True(await Index.Tasks.ReleaseAsync(task.Key, task.Attempt, TaskRelease.Stopped));
        Assert.Equal(TaskState.Cancelled, (await TaskAsync(ids[1], 0)).State);
        Assert.Empty(await Index.Outbox.PendingAsync(10));
    }

    [Fact]
    public async Task Two_needs_that_end_at_once_ready_their_job_once()
    {
        for (int round = 0; round < 5; round++)
        {
            SubmittedJob parent = Job("p", JobKind.Pipeline), a = Job("a") with { ParentId = parent.Id },
                b = Job("b") with { ParentId = parent.Id };
            SubmittedJob last = Job("c") with { ParentId = parent.Id, Needs = [a.Id, b.Id] };
            await Index.Jobs.SubmitAsync(new Submission([parent, a, b, last]));
            foreach (SubmittedJob job in (SubmittedJob[])[a, b])
            {
                await PlanAsync(job.Id, 1);
                await WorkAsync(job.Id, 0);
            }
            await SendAsync();
            bool[] ended = await RaceAsync(2, (index, i) => index.Jobs.FinishAsync(i == 0 ? a.Id : b.Id, new JobEnd(JobState.Completed)));
            Assert.Equal([true, true], ended);
            Assert.Equal([JobState.Running, JobState.Queued], await StatesAsync(parent.Id, last.Id));
            Assert.Equal([last.Id], (await SendAsync()).Select(m => m.JobId));
        }
    }

    [Fact]
    public async Task What_nobody_began_is_cancelled_at_once_with_what_needs_it()
    {
        string[] ids = await SubmitPipelineAsync();
        Assert.Equal(CancelOutcome.Cancelled, await Index.Jobs.CancelAsync(ids[2]));
        Assert.Equal([JobState.Running, JobState.Queued, JobState.Cancelled, JobState.Cancelled], await StatesAsync(ids));
        Assert.Equal(CancelOutcome.Ended, await Index.Jobs.CancelAsync(ids[2]));
        Assert.Equal(CancelOutcome.Cancelled, await Index.Jobs.CancelAsync(ids[0]));
        Assert.Equal(JobState.Cancelled, await StateAsync(ids[1]));
        Assert.Equal(CancelOutcome.Unknown, await Index.Jobs.CancelAsync("job_none"));
        Assert.Empty(await Index.Outbox.PendingAsync(10));
    }

    [Fact]
    public async Task What_runs_is_stopped_and_what_is_finished_stays()
    {
        string job = await PlannedAsync(3);
        await WorkAsync(job, 0);
        TaskRow task = await ClaimAsync(job, 1);
        Assert.Equal(CancelOutcome.Cancelling, await Index.Jobs.CancelAsync(job));
        Assert.Equal(CancelOutcome.Cancelling, await Index.Jobs.CancelAsync(job));
        Assert.Empty(await Index.Upkeep.ReadyToFinishAsync());
        Assert.Empty(await Index.Outbox.PendingAsync(10));
        Assert.Equal(ClaimStatus.Stopped, (await Index.Tasks.ClaimAsync(new TaskKey(job, 2), "w", Lease)).Status);
        Assert.Equal(RenewOutcome.Stop, await Index.Tasks.RenewAsync(task.Key, task.Attempt, Lease, null));
        Assert.True(await Index.Tasks.ReleaseAsync(task.Key, task.Attempt, TaskRelease.Stopped));
        Assert.Equal([(job, OutboxKind.Finalize)], (await SendAsync()).Select(m => (m.JobId, m.Kind)));
        Assert.Equal([job], await Index.Upkeep.ReadyToFinishAsync());
        Assert.True(await Index.Jobs.FinishAsync(job, new JobEnd(JobState.Cancelled)));
        Assert.Equal([TaskState.Completed, TaskState.Cancelled, TaskState.Cancelled],
            (await Index.Tasks.ListAsync(job)).Select(t => t.State));
    }

    [Fact]
    public async Task A_commit_that_beats_the_cancel_counts()
    {
        string job = await PlannedAsync(1);
        TaskRow task = await ClaimAsync(job, 0);
        await Index.Jobs.CancelAsync(job);
        Assert.Equal(new CommitOutcome(true, LastOfJob: true),
            await Index.Tasks.CommitAsync(task.Key, task.Attempt, new TaskCommit { Succeeded = 10 }));
        Assert.True(await Index.Jobs.FinishAsync(job, new JobEnd(JobState.Completed)));
    }

    [Fact]
    public async Task A_planned_job_that_waits_is_finalized_to_be_cancelled()
    {
        string job = await PlannedAsync();
        Assert.Equal(CancelOutcome.Cancelling, await Index.Jobs.CancelAsync(job));
        Assert.Equal([(job, OutboxKind.Finalize)], (await SendAsync()).Select(m => (m.JobId, m.Kind)));
    }

    [Fact]
    public async Task A_running_pipeline_is_cancelled_job_by_job()
    {
        string[] ids = await SubmitPipelineAsync();
        await PlanAsync(ids[1], 1, kind: JobKind.Finetune);
        TaskRow task = await ClaimAsync(ids[1], 0);
        Assert.Equal(CancelOutcome.Cancelling, await Index.Jobs.CancelAsync(ids[0]));
        Assert.Equal([JobState.Cancelling, JobState.Cancelling, JobState.Cancelled, JobState.Cancelled], await StatesAsync(ids));
        await Index.Tasks.ReleaseAsync(task.Key, task.Attempt, TaskRelease.Stopped);
        await Index.Jobs.FinishAsync(ids[1], new JobEnd(JobState.Cancelled));
        Assert.Equal(JobState.Cancelled, await StateAsync(ids[0]));
    }

    [Fact]
    public async Task Claims_and_cancels_that_meet_leave_no_task_behind()
    {
        for (int round = 0; round < 5; round++)
        {
            string job = await PlannedAsync(1);
            ClaimOutcome? claim = null;
            await RaceAsync(2, async (index, i) =>
            {
                if (i == 0) claim = await index.Tasks.ClaimAsync(new TaskKey(job, 0), "w", Lease);
                else await index.Jobs.CancelAsync(job);
                return 0;
            });
            Assert.Equal(JobState.Cancelling, await StateAsync(job));
            if (claim!.Task is { } task) await Index.Tasks.ReleaseAsync(task.Key, task.Attempt, TaskRelease.Stopped);
            else Assert.Equal(ClaimStatus.Stopped, claim.Status);
            Assert.Single(await SendAsync(), m => m.JobId == job);
        }
    }

    [Fact]
    public async Task What_ended_long_ago_is_deleted_with_all_that_hangs_on_it()
    {
        string[] ids = await SubmitPipelineAsync();
        await Index.Jobs.CancelAsync(ids[0]);
        string running = await PlannedAsync(1);
        string ended = await PlannedAsync(1);
        await WorkAsync(ended, 0);
        Time.Advance(s_second);
        await Index.Jobs.FinishAsync(ended, new JobEnd(JobState.Completed));
        Assert.Equal(ids.Order(StringComparer.Ordinal), await Index.Upkeep.OldAsync(Time.GetUtcNow()));
        Assert.Equal(1, await Index.Upkeep.DeleteOldAsync(Time.GetUtcNow()));
        Assert.All(ids, id => Assert.Null(Index.Jobs.GetAsync(id).Result));
        Time.Advance(s_second);
        Assert.Equal(1, await Index.Upkeep.DeleteOldAsync(Time.GetUtcNow()));
        Assert.Equal([running], (await Index.Jobs.ListAsync(new JobFilter { Children = true }, null, 10)).Jobs.Select(j => j.Id));
        using var connection = Look();
        foreach (string table in (string[])["tasks", "attempts", "outbox", "job_dependencies"])
            Assert.Equal(0, connection.QuerySingle<long>($"select count(*) from {table} where job_id <> @running", new { running }));
    }

    [Fact]
    public async Task Speeds_of_late_jobs_weigh_more()
    {
        for (int i = 0; i < 2; i++)
        {
            string job = await PlannedAsync(1);
            await WorkAsync(job, 0);
            await Index.Jobs.FinishAsync(job, new JobEnd(JobState.Completed) { Speed = new SpeedSample("m", i == 0 ? 100 : 400, 10) });
        }
        SpeedRow speed = (await Index.Caches.SpeedAsync("sample", "m"))!;
        Assert.Equal((30.0, 2L, Time.GetUtcNow()), (speed.UnitsPerSecond, speed.Jobs, speed.UpdatedAt));
        Assert.Null(await Index.Caches.SpeedAsync("finetune", "m"));
        Assert.Null(await Index.Caches.SpeedAsync("sample", "n"));
    }

    [Fact]
    public async Task Hashes_are_kept_for_one_version_of_a_file()
    {
        await Index.Caches.SaveHashAsync("data/a.jsonl", "e1", "aa");
        Assert.Equal("aa", await Index.Caches.HashAsync("data/a.jsonl", "e1"));
        await Index.Caches.SaveHashAsync("data/a.jsonl", "e2", "bb");
        Assert.Null(await Index.Caches.HashAsync("data/a.jsonl", "e1"));
        Assert.Equal("bb", await Index.Caches.HashAsync("data/a.jsonl", "e2"));
    }
}
