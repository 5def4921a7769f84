using System.Collections.Concurrent;
using DiffusionBatch.Contracts;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Jobs;
using DiffusionBatch.Pipeline.Manifests;
using DiffusionBatch.Pipeline.Results;
using DiffusionBatch.Pipeline.Storage.Queues;
using DiffusionBatch.Pipeline.Tests.Jobs;

namespace DiffusionBatch.Pipeline.Tests.Working;

/// <summary>Jobs through the whole pipeline come to what `dbatch run` makes of them.</summary>
public sealed class WorkerTests
{
    internal static PipelineManifest Pipeline() => new()
    {
        Name = "p",
        Jobs =
        [
            new EvaluateManifest { Name = "e", Output = "reports/e", Predictions = "results/s", References = "data/in.jsonl" },
            TestRoot.Sample() with { Model = new ModelReference { From = "models/f" } },
            new FinetuneManifest
            {
                Name = "f", Output = "models/f", Model = new TrainingModel { From = "models/m" },
                Data = new TrainingData { Train = "data/in.jsonl" }, Training = new TrainingSettings { Steps = 3 },
            },
        ],
    };

    // libtorch's threads, and the memory that glibc keeps, are the calling thread's.
    [Fact]
    public async Task All_jobs_are_computed_by_one_thread_that_is_not_the_pool_s()
    {
        using var root = new TestRoot();
        var threads = new ConcurrentDictionary<(int Id, bool IsPools), int>();
        var tasks = new FakeTasks
        {
            OnResult = _ => threads.AddOrUpdate((Environment.CurrentManagedThreadId, Thread.CurrentThread.IsThreadPoolThread), 1,
                (_, calls) => calls + 1),
        };
        Assert.Equal(JobVerdict.Done, (await root.Run(Pipeline(), tasks)).Verdict);
        ((_, bool isPools), int calls) = Assert.Single(threads);
        Assert.Equal(tasks.Finetuned + tasks.Sampled, calls);
        Assert.False(isPools);
    }

    [Fact]
    public async Task A_sample_job_makes_the_same_files_as_dbatch_run()
    {
        using var undisturbed = new TestRoot();
        Assert.Equal(JobVerdict.Done, (await undisturbed.Run(TestRoot.Sample(), new FakeTasks())).Verdict);
        await using var rig = new PipelineRig();
        JobRow job = await rig.RunAsync(TestRoot.Sample(), new FakeTasks());
        Assert.True(job.State == JobState.Completed, $"{job.State} {job.Error} {string.Join("\n", rig.Logger.Lines)}");
        Assert.Equal(undisturbed.Files("results"), rig.Root.Files("results"));
        OutputManifest expected = OutputManifest.Read(undisturbed.Path("results/s"))!,
            found = OutputManifest.Read(rig.Root.Path("results/s"))!;
        Assert.Equal(expected.Fingerprint, found.Fingerprint);
        Assert.Equal(expected.Fingerprint, job.Fingerprint);
        Assert.Equal(expected.Sources, found.Sources);
        Assert.Equal(expected.Items, found.Items);
        Assert.Equal(expected.Cells!.Select(c => c.Cost with { PeakMemory = null }),
            found.Cells!.Select(c => c.Cost with { PeakMemory = null }));
        Assert.Equal(6, job.TasksTotal);
        Assert.Equal(23, job.ItemsSucceeded);
        // Two cells have each item; few of the tasks lived to their first heartbeat.
        JobFigures figures = await rig.Index.Jobs.FiguresAsync(job.Id);
        Assert.Equal((46L, 46L), (figures.Done, figures.Total));
        Assert.False(Directory.Exists(rig.Root.Path(".dbatch/jobs")));
        Assert.Equal(0, await rig.Queues[QueueNames.Of(JobPriority.Normal)].CountAsync(default));
    }

    [Fact]
    public async Task A_worker_that_may_ends_once_nothing_has_come_for_so_long()
    {
        await using var rig = new PipelineRig();
        rig.Options.EndAfterIdle = TimeSpan.FromSeconds(30);
        string job = await rig.SubmitAsync(TestRoot.Sample());
        await using PipelineRig.Running worker = rig.Start(new FakeTasks());
        await rig.UntilEndedAsync(job);
        Assert.False(worker.Task.IsCompleted);
        DateTimeOffset ended = rig.Time.GetUtcNow();
        await rig.UntilAsync(() => Task.FromResult(worker.Task.IsCompleted));
        Assert.True(rig.Time.GetUtcNow() - ended >= TimeSpan.FromSeconds(25), "It ended before its time.");
    }

    [Fact]
    public async Task A_pipeline_runs_in_the_order_of_its_needs()
    {
        using var undisturbed = new TestRoot();
        Assert.Equal(JobVerdict.Done, (await undisturbed.Run(Pipeline(), new FakeTasks())).Verdict);
        await using var rig = new PipelineRig();
        JobRow job = await rig.RunAsync(Pipeline(), new FakeTasks());
        Assert.Equal((JobKind.Pipeline, JobState.Completed), (job.Kind, job.State));
        IReadOnlyList<JobRow> jobs = await rig.Index.Jobs.ChildrenAsync(job.Id);
        Assert.Equal(["e", "s", "f"], jobs.Select(j => j.Name));
        Assert.All(jobs, j => Assert.Equal(JobState.Completed, j.State));
        Assert.Equal(["2 pairs were cut"], jobs[2].Warnings);
        foreach (string folder in (string[])["models/f", "results", "reports"])
            Assert.Equal(undisturbed.Files(folder), rig.Root.Files(folder));
        foreach (JobRow j in jobs)
            Assert.Equal(OutputManifest.Read(undisturbed.Path(j.Output))!.Fingerprint,
                OutputManifest.Read(rig.Root.Path(j.Output))!.Fingerprint);
    }

    [Fact]
    public async Task A_second_job_of_the_same_fingerprint_is_done_at_once()
    {
        await using var rig = new PipelineRig();
        await rig.RunAsync(TestRoot.Sample(), new FakeTasks());
        var idle = new FakeTasks();
        JobRow again = await rig.RunAsync(TestRoot.Sample() with { Name = "again" }, idle);
        Assert.Equal((JobState.Completed, 23L, 0), (again.State, again.ItemsSucceeded, idle.Sampled));
    }

    // A worker that is killed before its first heartbeat, again and again, goes on each time from what was saved: that is progress.
    [Fact]
    public async Task What_is_saved_counts_as_progress_before_the_next_heartbeat()
    {
        await using var rig = new PipelineRig();
        using var goOn = new ManualResetEventSlim();
        var tasks = new FakeTasks { OnResult = step => { if (step == 2) goOn.Wait(TimeSpan.FromMinutes(1)); } };
        string job = await rig.SubmitAsync(Pipeline().Jobs[2]);
        await using PipelineRig.Running worker = rig.Start(tasks);
        async Task<TaskRow?> TaskAsync() => (await rig.Index.Tasks.ListAsync(job)).SingleOrDefault();
        try
        {
            await rig.UntilAsync(async () => await TaskAsync() is { ProgressDone: 2 });
            // A heartbeat comes at a third of the lease.
            Assert.InRange(rig.Time.GetUtcNow() - (await TaskAsync())!.StartedAt!.Value, TimeSpan.Zero,
                (rig.Options.Lease / 3) - TimeSpan.FromSeconds(1));
        }
        finally
        {
            // Before the worker is disposed, which waits for its device.
            goOn.Set();
        }
        await rig.UntilEndedAsync(job);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_idle_worker_looks_seldom_and_at_once_where_a_message_is_told_of(bool isRung)
    {
        string folder = Directory.CreateTempSubdirectory("dbatch-bell-").FullName;
        using var bell = new QueueBell(Path.Combine(folder, "bell"));
        var looks = new List<DateTimeOffset>();
        await using var rig = new PipelineRig(queues: null, bell: isRung ? bell : null,
            looked: (name, at) => { if (name == QueueNames.Of(JobPriority.Normal)) lock (looks) looks.Add(at); });
        await using PipelineRig.Running worker = rig.Start(new FakeTasks());
        for (int tick = 0; tick < 80; tick++) await rig.TickAsync(); // 40 s
        // After 1, 2, 4 s, then every 5 s: without that, some 40 times. The clock of the test may be ahead of the worker, never behind it.
        lock (looks) Assert.InRange(looks.Count, 3, 13);
        if (!isRung) return;
        // The clock stands still: only the bell can bring the worker to look.
        string job = await rig.SubmitAsync(TestRoot.Sample());
        var limit = System.Diagnostics.Stopwatch.StartNew();
        while ((await rig.Index.Tasks.ListAsync(job)).All(t => t.Attempt == 0))
        {
            Assert.True(limit.Elapsed < TimeSpan.FromSeconds(60), "The worker doesn't hear the bell.");
            await rig.ControlAsync();
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
        await rig.UntilEndedAsync(job);
        Directory.Delete(folder, recursive: true);
    }

    // Trying again would come to the same: no second attempt, no poison, and what it saved stays.
    [Fact]
    public async Task A_task_that_fails_for_good_fails_its_job_at_once_and_leaves_what_it_saved_for_as_long_as_the_job_is_known()
    {
        await using var rig = new PipelineRig();
        var tasks = new FakeTasks
        {
            OnResult =
            step => { if (step == 2) throw new TaskFailedException("trainingDiverged: the loss is NaN at step 3; lower learningRate."); }
        };
        JobRow job = await rig.RunAsync(Pipeline().Jobs[2], tasks);
        Assert.Equal((JobState.Failed, "trainingDiverged: the loss is NaN at step 3; lower learningRate."), (job.State, job.Error));
        Assert.Equal(1, Assert.Single(await rig.Index.Tasks.ListAsync(job.Id)).Attempt);
        Assert.Empty(await rig.Index.Poison.ListAsync(job.Id));
        Assert.Equal("failed", OutputManifest.Read(rig.Root.Path("models/f"))!.State);
        Assert.Contains(Directory.EnumerateFiles(rig.Root.Path(".dbatch/jobs"), "*", SearchOption.AllDirectories),
            f => new FileInfo(f).Length == 2); // the steps that were done, a byte each
        // Until the job itself is forgotten: then nothing leads there any more.
        Assert.Equal(0, await rig.Reconciler().DeleteOldAsync(job.FinishedAt!.Value, default));
        Assert.True(Directory.Exists(rig.Root.Path($".dbatch/jobs/{job.Id}")));
        Assert.Equal(1, await rig.Reconciler().DeleteOldAsync(job.FinishedAt!.Value.AddSeconds(1), default));
        Assert.False(Directory.Exists(rig.Root.Path($".dbatch/jobs/{job.Id}")));
        Assert.True(File.Exists(rig.Root.Path("models/f/manifest.json")));
    }
}
