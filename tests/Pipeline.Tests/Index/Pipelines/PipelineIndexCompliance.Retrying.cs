using Dapper;
using DiffusionBatch.Contracts;
using DiffusionBatch.Pipeline.Index;

namespace DiffusionBatch.Pipeline.Tests.Index.Pipelines;

public abstract partial class PipelineIndexCompliance
{
    /// <summary>
    /// Every writing call is kept, its answer lost, and tried again by the index itself: the caller must get the answer
    /// of the first try, and all must be there once.
    /// </summary>
    [Fact]
    public async Task A_call_whose_answer_was_lost_has_the_same_outcome_when_it_is_tried_again()
    {
        int lost = 0;
        bool odd = false;
        Index.AfterCommit = () =>
        {
            odd = !odd;
            if (!odd) return;
            lost++;
            throw new TimeoutException("The answer was lost.");
        };
        SubmittedJob job = Job();
        SubmitOutcome submitted = await Index.Jobs.SubmitAsync(new Submission([job]) { IdempotencyKey = "k", BodyHash = "h" });
        Assert.Equal((SubmitStatus.Created, job.Id), (submitted.Status, submitted.Job.Id));
        int? plan = await Index.Planning.ClaimPlanAsync(job.Id, "p", Lease);
        Assert.Equal(1, plan);
        Assert.True(await Index.Planning.AddTasksAsync(job.Id, 1, Tasks(3, items: 2)));
        Assert.True(await Index.Planning.FinishPlanAsync(job.Id, 1, new PlanOutcome { Fingerprint = "f", Tasks = 3 }));
        Assert.Equal(4, (await SendAsync()).Count);

        TaskRow task = await ClaimAsync(job.Id, 0);
        Assert.Equal(1, task.Attempt);
        Assert.Equal(RenewOutcome.Held, await Index.Tasks.RenewAsync(task.Key, 1, Lease, null));
        Assert.True(await Index.Tasks.ReleaseAsync(task.Key, 1, TaskRelease.Failed("no", TimeSpan.Zero)));
        task = await ClaimAsync(job.Id, 0);
        Assert.Equal((2, 1), (task.Attempt, task.Failures));
        Assert.True((await Index.Tasks.CommitAsync(task.Key, 2, new TaskCommit { Succeeded = 2 })).Committed);

        TaskRow whole = await ClaimAsync(job.Id, 1);
        Assert.True(await Index.Tasks.SplitAsync(whole.Key, 1, [Tasks(1)[0] with { ItemCount = 1 }, Tasks(1)[0] with { ItemCount = 1 }]));
        Assert.Equal(5, (await Index.Tasks.ListAsync(job.Id)).Count);
        TaskRow half = await ClaimAsync(job.Id, 3);
        Assert.True((await Index.Tasks.PoisonAsync(half.Key, 1, new PoisonEntry("bad"), new TaskCommit { Errored = 1 })).Committed);
        PoisonRow poison = Assert.Single(await Index.Poison.ListAsync(job.Id));
        Assert.Equal(RequeueOutcome.Requeued, await Index.Poison.RequeueAsync(poison.Id));
        half = await ClaimAsync(job.Id, 3);
        await Index.Tasks.PoisonAsync(half.Key, half.Attempt, new PoisonEntry("bad"), new TaskCommit { Errored = 1 });
        Assert.True(await Index.Poison.DropAsync((await Index.Poison.ListAsync(job.Id))[0].Id));
        half = await ClaimAsync(job.Id, 4);
        Assert.Equal(new CommitOutcome(true, ReadyParent: 1), await Index.Tasks.CommitAsync(half.Key, 1, new TaskCommit()));
        Assert.False((await WorkAsync(job.Id, 1)).LastOfJob);
        Assert.True((await WorkAsync(job.Id, 2)).LastOfJob);
        Assert.Single(await SendAsync(), m => m.Kind == OutboxKind.Finalize);
        Assert.True(await Index.Jobs.FinishAsync(job.Id, new JobEnd(JobState.CompletedWithErrors) { Speed = new SpeedSample("m", 10, 1) }));
        Assert.Equal(1, (await Index.Caches.SpeedAsync("sample", "m"))!.Jobs);

        string other = await SubmitAsync();
        Assert.Equal(CancelOutcome.Ended, await Index.Jobs.CancelAsync(job.Id));
        Assert.Equal(CancelOutcome.Cancelled, await Index.Jobs.CancelAsync(other));
        Assert.True(lost > 20, $"Only {lost} answers were lost.");
        using var connection = Look();
        Assert.Equal(["completed", "failed"],
            connection.Query<string>("select outcome from attempts where job_id = @id and ordinal = 0 order by outcome",
                new { id = job.Id }));
    }

    [Fact]
    public async Task A_database_that_stays_away_is_an_error_of_its_own()
    {
        int tries = 0;
        await Index.PingAsync();
        Index.Patience = TimeSpan.FromSeconds(2);
        Index.AfterCommit = () =>
        {
            tries++;
            throw new TimeoutException("Nobody answers.");
        };
        var error = await Assert.ThrowsAsync<IndexUnavailableException>(() => Index.Caches.SaveHashAsync("a", "e", "h"));
        Assert.Contains("Nobody answers.", error.Message, StringComparison.Ordinal);
        Assert.True(tries > 1);
        // What isn't the database's fault is not tried again.
        tries = 0;
        Index.AfterCommit = () =>
        {
            tries++;
            throw new InvalidOperationException("A defect.");
        };
        await Assert.ThrowsAsync<InvalidOperationException>(() => Index.Caches.SaveHashAsync("a", "e", "h"));
        Assert.Equal(1, tries);
    }
}
