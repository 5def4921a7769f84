using Dapper;
using DiffusionBatch.Contracts;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Jobs;

namespace DiffusionBatch.Pipeline.Tests.Index.Pipelines;

public abstract partial class PipelineIndexCompliance
{
    [Fact]
    public async Task Of_many_who_claim_a_task_one_has_it()
    {
        string job = await PlannedAsync();
        ClaimOutcome[] claims = await RaceAsync(8, (index, i) => index.Tasks.ClaimAsync(new TaskKey(job, 0), "w" + i, Lease));
        ClaimOutcome won = Assert.Single(claims, c => c.Status == ClaimStatus.Claimed);
        Assert.All(claims.Where(c => c != won), c => Assert.Equal((ClaimStatus.Held, Time.GetUtcNow() + Lease), (c.Status, c.Until)));
        Assert.Equal((1, TaskState.Running, Time.GetUtcNow() + Lease, 0),
            (won.Task!.Attempt, won.Task.State, won.Task.LeaseUntil, won.Task.Failures));
        Assert.Equal(JobState.Running, await StateAsync(job));
        // A second message with the same worker is no second claim.
        Assert.Equal(ClaimStatus.Held, (await Index.Tasks.ClaimAsync(new TaskKey(job, 0), won.Task.Owner!, Lease)).Status);
    }

    [Fact]
    public async Task Of_the_last_two_commits_exactly_one_is_the_last()
    {
        for (int round = 0; round < 5; round++)
        {
            string job = await PlannedAsync();
            TaskRow[] tasks = [await ClaimAsync(job, 0), await ClaimAsync(job, 1)];
            CommitOutcome[] outcomes = await RaceAsync(2,
                (index, i) => index.Tasks.CommitAsync(tasks[i].Key, tasks[i].Attempt, new TaskCommit { Succeeded = 10 }));
            Assert.All(outcomes, o => Assert.True(o.Committed));
            Assert.Single(outcomes, o => o.LastOfJob);
            Assert.Equal([(job, OutboxKind.Finalize)], (await SendAsync()).Select(m => (m.JobId, m.Kind)));
            Assert.Equal([job], (await Index.Upkeep.ReadyToFinishAsync()).Where(j => j == job));
        }
    }

    [Fact]
    public async Task A_commit_leaves_files_items_figures_and_counts()
    {
        string job = await PlannedAsync(1);
        TaskRow task = await ClaimAsync(job, 0);
        var part = new ArtifactRow("results/s/steps=8/part-00000.jsonl", ArtifactKind.Part)
        {
            Cell = "steps=8",
            Part = 0,
            Bytes = 100,
            Lines = 10,
            Errored = 1,
            Nfe = 72,
            Tokens = 200,
            Seconds = 1.5,
            Flops = 1e9
        };
        var commit = new TaskCommit
        {
            Succeeded = 9,
            Errored = 1,
            Errors = new Dictionary<string, long> { ["tooLong"] = 1 },
            Cost = "{\"seconds\":1.5}",
            Artifacts = [part],
            Items =
            [
                new ItemRow("steps=8", 0, "a", 0) { Length = 5, Nfe = 8, Score = -0.5, Seconds = 0.1 },
                new ItemRow("steps=8", 1, "b", 0) { ErrorCode = "tooLong", Score = double.NaN },
            ],
            Metrics = [new MetricValue("steps=8", "bleu", 30), new MetricValue("", "nothing", double.NaN)],
            SweepPoints = [new SweepPoint("steps=8") { Steps = 8, Items = 10 }],
        };
        Assert.Equal(new CommitOutcome(true, LastOfJob: true), await Index.Tasks.CommitAsync(task.Key, task.Attempt, commit));
        // The answer was lost: the same again.
        Assert.Equal(new CommitOutcome(true, LastOfJob: true), await Index.Tasks.CommitAsync(task.Key, task.Attempt, commit));
        TaskRow row = await TaskAsync(job, 0);
        Assert.Equal((TaskState.Completed, 9L, 1L, commit.Cost, null), (row.State, row.Succeeded, row.Errored, row.Cost, row.Owner));
        Assert.Equal(1, row.Errors["tooLong"]);
        Assert.Equal((row.ProgressTotal, row.ItemCount), (row.ProgressDone, row.ProgressTotal));
        Assert.Equal([part], await Index.Jobs.ArtifactsAsync(job));
        using var connection = Look();
        Assert.Equal(
            [("a", -0.5, null), ("b", null, "tooLong")],
            connection.Query<(string, double?, string?)>("select id, score, error_code from items where job_id = @job order by item",
                new { job }));
        Assert.Equal(["bleu"], connection.Query<string>("select name from metrics where job_id = @job", new { job }));
        Assert.Equal(["completed"], connection.Query<string>("select outcome from attempts where job_id = @job", new { job }));
        Assert.Single(await SendAsync(), m => m.Kind == OutboxKind.Finalize);
        Assert.Equal(ClaimStatus.Done, (await Index.Tasks.ClaimAsync(task.Key, "w2", Lease)).Status);
    }

    [Fact]
    public async Task Who_was_followed_is_fenced_off()
    {
        string job = await PlannedAsync();
        TaskRow old = await ClaimAsync(job, 0);
        Time.Advance(Lease);
        TaskRow now = await ClaimAsync(job, 0, "w2");
        Assert.Equal((2, 1), (now.Attempt, now.Failures));
        Assert.Equal(RenewOutcome.Lost,
            await Index.Tasks.RenewAsync(old.Key, old.Attempt, Lease, new TaskProgressRow("sampling", 7, 10, "results")));
        Assert.Equal(CommitOutcome.Fenced,
            await Index.Tasks.CommitAsync(old.Key, old.Attempt,
                new TaskCommit { Succeeded = 1, Artifacts = [new ArtifactRow("x", ArtifactKind.Part)] }));
        Assert.Equal(CommitOutcome.Fenced, await Index.Tasks.PoisonAsync(old.Key, old.Attempt, new PoisonEntry("bad"), new TaskCommit()));
        Assert.False(await Index.Tasks.ReleaseAsync(old.Key, old.Attempt, TaskRelease.GivenBack));
        Assert.False(await Index.Tasks.SplitAsync(old.Key, old.Attempt, Tasks(2, 5)));
        Assert.Equal(now with { }, await TaskAsync(job, 0));
        Assert.Empty(await Index.Jobs.ArtifactsAsync(job));
        Assert.Empty(await Index.Poison.ListAsync(job));
        Assert.Equal(2, (await Index.Tasks.ListAsync(job)).Count);
    }

    [Fact]
    public async Task A_heartbeat_prolongs_and_revives()
    {
        string job = await PlannedAsync();
        TaskRow task = await ClaimAsync(job, 0);
        Time.Advance(Lease + s_second);
        Assert.Equal(RenewOutcome.Held, await Index.Tasks.RenewAsync(task.Key, task.Attempt, Lease, null));
        Assert.Equal(Time.GetUtcNow() + Lease, (await TaskAsync(job, 0)).LeaseUntil);
        Assert.Equal(ClaimStatus.Held, (await Index.Tasks.ClaimAsync(task.Key, "w2", Lease)).Status);
        Assert.Equal(0, await Index.Upkeep.FreeLapsedAsync());
    }

    [Fact]
    public async Task Progress_forgets_failures_and_is_summed()
    {
        string job = await PlannedAsync();
        TaskRow task = await ClaimAsync(job, 0);
        await Index.Tasks.ReleaseAsync(task.Key, task.Attempt, TaskRelease.Failed("out of memory", TimeSpan.Zero));
        task = await ClaimAsync(job, 0);
        Assert.Equal((1, "out of memory"), (task.Failures, task.Error));
        var progress = new TaskProgressRow("sampling", 4, 40,
            "results")
        { Figures = new Dictionary<string, double> { ["items/s"] = 2.5, ["loss"] = double.NaN } };
        Time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(RenewOutcome.Held, await Index.Tasks.RenewAsync(task.Key, task.Attempt, Lease, progress));
        TaskRow row = await TaskAsync(job, 0);
        Assert.Equal((0, 4L, 40L, "sampling", "results"), (row.Failures, row.ProgressDone, row.ProgressTotal, row.Phase, row.Unit));
        JobFigures figures = await Index.Jobs.FiguresAsync(job);
        Assert.Equal((4L, 50L, "results", "sampling", 2.0), (figures.Done, figures.Total, figures.Unit, figures.Phase, figures.Rate));
        Assert.Equal(2.5, Assert.Single(figures.Figures).Value);
        Assert.Equal((1L, 1L), (figures.Tasks[TaskState.Running], figures.Tasks[TaskState.Queued]));
        // An attempt that got somewhere isn't a failure when its lease lapses; one that only repeats is.
        Time.Advance(Lease);
        task = await ClaimAsync(job, 0);
        Assert.Equal(0, task.Failures);
        await Index.Tasks.RenewAsync(task.Key, task.Attempt, Lease, progress);
        Time.Advance(Lease);
        Assert.Equal(1, (await ClaimAsync(job, 0)).Failures);
    }

    // Items times cells, here 3: whoever is done before its first heartbeat, or was split off, counts in the same units as the others.
    [Fact]
    public async Task Progress_counts_in_one_unit_whoever_told_of_it()
    {
        string job = await SubmitAsync();
        int plan = (await Index.Planning.ClaimPlanAsync(job, "planner", Lease))!.Value;
        await Index.Planning.AddTasksAsync(job, plan, [.. Tasks(3).Select(t => t with { Units = 30 })]);
        await Index.Planning.FinishPlanAsync(job, plan, new PlanOutcome { Fingerprint = "f", Tasks = 3, ItemsTotal = 30 });
        Assert.Equal((0L, 90L), await CountAsync());
        await WorkAsync(job, 0);
        Assert.Equal((30L, 90L), await CountAsync());
        TaskRow told = await ClaimAsync(job, 1);
        await Index.Tasks.RenewAsync(told.Key, told.Attempt, Lease, new TaskProgressRow("sampling", 6, 30, "results"));
        Assert.Equal((36L, 90L), await CountAsync());
        await Index.Tasks.CommitAsync(told.Key, told.Attempt, new TaskCommit { Succeeded = 10 });
        TaskRow whole = await ClaimAsync(job, 2);
        await Index.Tasks.SplitAsync(whole.Key, whole.Attempt,
            [Tasks(1)[0] with { ItemCount = 7 }, Tasks(1)[0] with { FirstItem = 7, ItemCount = 3 }]);
        Assert.Equal((60L, 90L), await CountAsync());
        await WorkAsync(job, 3);
        Assert.Equal((81L, 90L), await CountAsync());
        TaskRow bad = await ClaimAsync(job, 4);
        await Index.Tasks.PoisonAsync(bad.Key, bad.Attempt, new PoisonEntry("bad"), new TaskCommit { Errored = 3 });
        Assert.Equal((90L, 90L), await CountAsync());
        await WorkAsync(job, 2);
        Assert.Equal((90L, 90L), await CountAsync());

        async Task<(long, long)> CountAsync() =>
            await Index.Jobs.FiguresAsync(job) is var figures ? (figures.Done, figures.Total) : default;
    }

    [Fact]
    public async Task A_released_task_waits_as_long_as_it_is_told()
    {
        string job = await PlannedAsync();
        TaskRow task = await ClaimAsync(job, 0);
        Assert.True(await Index.Tasks.ReleaseAsync(task.Key, task.Attempt, TaskRelease.Failed("no", TimeSpan.FromSeconds(8))));
        ClaimOutcome early = await Index.Tasks.ClaimAsync(task.Key, "w2", Lease);
        Assert.Equal((ClaimStatus.Held, Time.GetUtcNow() + TimeSpan.FromSeconds(8)), (early.Status, early.Until));
        Time.Advance(TimeSpan.FromSeconds(8));
        task = await ClaimAsync(job, 0);
        Assert.True(await Index.Tasks.ReleaseAsync(task.Key, task.Attempt, TaskRelease.GivenBack));
        Assert.Equal(1, (await ClaimAsync(job, 0)).Failures);
        using var connection = Look();
        Assert.Equal(["failed", "givenBack", null],
            connection.Query<string?>("select outcome from attempts where job_id = @job order by attempt", new { job }));
    }

    [Fact]
    public async Task Tasks_of_unplanned_stopped_or_unknown_jobs_are_not_claimed()
    {
        string job = await SubmitAsync();
        int plan = (await Index.Planning.ClaimPlanAsync(job, "p", Lease))!.Value;
        await Index.Planning.AddTasksAsync(job, plan, Tasks(1));
        Assert.Equal(ClaimStatus.Held, (await Index.Tasks.ClaimAsync(new TaskKey(job, 0), "w", Lease)).Status);
        Assert.Equal(ClaimStatus.Stopped, (await Index.Tasks.ClaimAsync(new TaskKey(job, 7), "w", Lease)).Status);
        Assert.Equal(ClaimStatus.Stopped, (await Index.Tasks.ClaimAsync(new TaskKey("job_none", 0), "w", Lease)).Status);
        await Index.Jobs.CancelAsync(job);
        Assert.Equal(ClaimStatus.Stopped, (await Index.Tasks.ClaimAsync(new TaskKey(job, 0), "w", Lease)).Status);
    }

    [Fact]
    public async Task A_split_task_is_put_together_after_its_last_half()
    {
        string job = await PlannedAsync(2, items: 10);
        await WorkAsync(job, 1);
        await SendAsync();
        TaskRow whole = await ClaimAsync(job, 0);
        TaskPlan[] halves = [Tasks(1)[0] with { ItemCount = 5 }, Tasks(1)[0] with { FirstItem = 5, ItemCount = 5 }];
        await Assert.ThrowsAsync<ArgumentException>(() => Index.Tasks.SplitAsync(whole.Key, whole.Attempt, [halves[0]]));
        Assert.True(await Index.Tasks.SplitAsync(whole.Key, whole.Attempt, halves));
        Assert.Equal(ClaimStatus.Done, (await Index.Tasks.ClaimAsync(whole.Key, "w", Lease)).Status);
        Assert.Equal([2, 3], (await SendAsync()).Select(m => m.Ordinal!.Value));
        Assert.Equal([(2, 0L, 5L), (3, 5L, 5L)],
            (await Index.Tasks.HalvesAsync(whole.Key)).Select(t => (t.Ordinal, t.FirstItem, t.ItemCount)));
        Assert.Equal(20, (await Index.Jobs.FiguresAsync(job)).Total);

        TaskRow[] claims = [await ClaimAsync(job, 2), await ClaimAsync(job, 3)];
        CommitOutcome[] outcomes = await RaceAsync(2, (index, i) => i == 0
            ? index.Tasks.CommitAsync(claims[0].Key, 1, new TaskCommit { Succeeded = 5 })
            : index.Tasks.PoisonAsync(claims[1].Key, 1, new PoisonEntry("bad"), new TaskCommit { Succeeded = 4, Errored = 1 }));
        Assert.Equal(0, Assert.Single(outcomes, o => o.ReadyParent is not null).ReadyParent);
        Assert.All(outcomes, o => Assert.False(o.LastOfJob));
        Assert.Empty(await Index.Upkeep.ReadyToFinishAsync());
        Assert.Equal([(OutboxKind.Task, 0)], (await SendAsync()).Select(m => (m.Kind, m.Ordinal!.Value)));
        TaskRow again = await ClaimAsync(job, 0);
        Assert.Equal((2, 2, 0), (again.Children, again.Attempt, again.Failures));
        Assert.True((await Index.Tasks.CommitAsync(again.Key, again.Attempt, new TaskCommit { Succeeded = 9, Errored = 1 })).LastOfJob);
        JobFigures figures = await Index.Jobs.FiguresAsync(job);
        Assert.Equal((2L, 19L, 1L), (figures.Tasks[TaskState.Completed], figures.ItemsSucceeded, figures.ItemsErrored));
    }
}
