using DiffusionBatch.Contracts;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Manifests;

namespace DiffusionBatch.Pipeline.Tests.Index.Pipelines;

public abstract partial class PipelineIndexCompliance
{
    [Fact]
    public async Task A_task_that_is_given_up_is_done_and_listed()
    {
        string job = await PlannedAsync(1, items: 1);
        TaskRow task = await ClaimAsync(job, 0);
        var commit = new TaskCommit { Errored = 1, Errors = new Dictionary<string, long> { ["poisoned"] = 1 } };
        CommitOutcome outcome = await Index.Tasks.PoisonAsync(task.Key, task.Attempt, new PoisonEntry("It crashes.", "item-7"), commit);
        Assert.Equal(new CommitOutcome(true, LastOfJob: true), outcome);
        Assert.Equal(outcome, await Index.Tasks.PoisonAsync(task.Key, task.Attempt, new PoisonEntry("It crashes.", "item-7"), commit));
        PoisonRow row = Assert.Single(await Index.Poison.ListAsync(null));
        Assert.Equal((job, 0, 1L, "item-7", "It crashes.", 1, PoisonState.Listed, Time.GetUtcNow()),
            (row.JobId, row.Ordinal, row.ItemCount, row.ItemId, row.Reason, row.Attempts, row.State, row.CreatedAt));
        Assert.Equal((TaskState.Poisoned, "It crashes.", 1L),
            ((await TaskAsync(job, 0)).State, (await TaskAsync(job, 0)).Error, (await TaskAsync(job, 0)).Errored));
        Assert.Equal(RequeueOutcome.Written, await Index.Poison.RequeueAsync(row.Id));
        Assert.True(await Index.Poison.DropAsync(row.Id));
        Assert.False(await Index.Poison.DropAsync(row.Id));
        Assert.Equal(RequeueOutcome.NotListed, await Index.Poison.RequeueAsync(row.Id));
        Assert.Equal(RequeueOutcome.NotListed, await Index.Poison.RequeueAsync(12345));
        Assert.Empty(await Index.Poison.ListAsync("job_none"));
    }

    [Fact]
    public async Task A_given_up_half_is_tried_again_while_its_part_is_open()
    {
        string job = await PlannedAsync(1, items: 2);
        TaskRow whole = await ClaimAsync(job, 0);
        await Index.Tasks.SplitAsync(whole.Key, whole.Attempt,
            [Tasks(1)[0] with { ItemCount = 1 }, Tasks(1)[0] with { ItemCount = 1, FirstItem = 1 }]);
        TaskRow half = await ClaimAsync(job, 1);
        await Index.Tasks.PoisonAsync(half.Key, half.Attempt, new PoisonEntry("bad"), new TaskCommit { Errored = 1 });
        await SendAsync();
        Assert.Equal(RequeueOutcome.Requeued, await Index.Poison.RequeueAsync((await Index.Poison.ListAsync(job))[0].Id));
        Assert.Equal([1], (await SendAsync()).Select(m => m.Ordinal!.Value));
        TaskRow again = await TaskAsync(job, 1);
        Assert.Equal((TaskState.Queued, 0, 0L), (again.State, again.Failures, again.Errored));
        await WorkAsync(job, 1);
        Assert.Equal(0, (await WorkAsync(job, 2)).ReadyParent);
        await WorkAsync(job, 0);
        Assert.Equal(PoisonState.Requeued, (await Index.Poison.ListAsync(job))[0].State);
    }

    [Fact]
    public async Task A_failed_finetune_is_tried_again_with_what_needed_it()
    {
        string[] ids = await SubmitPipelineAsync();
        await PlanAsync(ids[1], 1, kind: JobKind.Finetune);
        TaskRow task = await ClaimAsync(ids[1], 0);
        await Index.Tasks.PoisonAsync(task.Key, task.Attempt, new PoisonEntry("No GPU."), new TaskCommit());
        await Index.Jobs.FinishAsync(ids[1], new JobEnd(JobState.Failed) { Error = "No GPU." });
        Assert.All(await StatesAsync(ids), s => Assert.Equal(JobState.Failed, s));
        Assert.Equal(RequeueOutcome.Requeued, await Index.Poison.RequeueAsync((await Index.Poison.ListAsync(ids[1]))[0].Id));
        Assert.Equal([JobState.Queued, JobState.Queued, JobState.Blocked, JobState.Blocked], await StatesAsync(ids));
        Assert.Equal((null, null), ((await Index.Jobs.GetAsync(ids[1]))!.Error, (await Index.Jobs.GetAsync(ids[0]))!.FinishedAt));
        Assert.Equal([(ids[1], OutboxKind.Task)], (await SendAsync()).Select(m => (m.JobId, m.Kind)));
        await WorkAsync(ids[1], 0);
        await Index.Jobs.FinishAsync(ids[1], new JobEnd(JobState.Completed));
        Assert.Equal([JobState.Running, JobState.Completed, JobState.Queued, JobState.Blocked], await StatesAsync(ids));
    }
}
