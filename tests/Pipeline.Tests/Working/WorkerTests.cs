using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Jobs;
using DiffusionBatch.Pipeline.Manifests;
using DiffusionBatch.Pipeline.Results;
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

    [Fact]
    public async Task A_sample_job_makes_the_same_files_as_dbatch_run()
    {
        using var undisturbed = new TestRoot();
        Assert.Equal(JobVerdict.Done, (await undisturbed.Run(TestRoot.Sample(), new FakeTasks())).Verdict);
        await using var rig = new PipelineRig();
        JobRow job = await rig.RunAsync(TestRoot.Sample(), new FakeTasks());
        Assert.True(job.State == JobState.Completed, $"{job.State} {job.Error} {string.Join("\n", rig.Logger.Lines)}");
        Assert.Equal(undisturbed.Files("results"), rig.Root.Files("results"));
        OutputManifest expected = OutputManifest.Read(undisturbed.Path("results/s"))!, found = OutputManifest.Read(rig.Root.Path("results/s"))!;
        Assert.Equal(expected.Fingerprint, found.Fingerprint);
        Assert.Equal(expected.Fingerprint, job.Fingerprint);
        Assert.Equal(expected.Sources, found.Sources);
        Assert.Equal(expected.Items, found.Items);
        Assert.Equal(expected.Cells!.Select(c => c.Cost with { PeakMemory = null }), found.Cells!.Select(c => c.Cost with { PeakMemory = null }));
        Assert.Equal(6, job.TasksTotal);
        Assert.Equal(23, job.ItemsSucceeded);
        Assert.False(Directory.Exists(rig.Root.Path(".dbatch/jobs")));
        Assert.Equal(0, await rig.Queues[QueueNames.Of(JobPriority.Normal)].CountAsync(default));
    }

    [Fact]
    public async Task A_pipeline_runs_in_the_order_of_its_needs()
    {
        using var undisturbed = new TestRoot();
        Assert.Equal(JobVerdict.Done, (await undisturbed.Run(Pipeline(), new FakeTasks())).Verdict);
        await using var rig = new PipelineRig();
        JobRow job = await rig.RunAsync(Pipeline(), new FakeTasks());
        Assert.Equal((JobKind.Pipeline, JobState.Completed), (job.Kind, job.State));
        IReadOnlyList<JobRow> jobs = await rig.Index.ChildrenAsync(job.Id);
        Assert.Equal(["e", "s", "f"], jobs.Select(j => j.Name));
        Assert.All(jobs, j => Assert.Equal(JobState.Completed, j.State));
        Assert.Equal(["2 pairs were cut"], jobs[2].Warnings);
        foreach (string folder in (string[])["models/f", "results", "reports"]) Assert.Equal(undisturbed.Files(folder), rig.Root.Files(folder));
        foreach (JobRow j in jobs)
            Assert.Equal(OutputManifest.Read(undisturbed.Path(j.Output))!.Fingerprint, OutputManifest.Read(rig.Root.Path(j.Output))!.Fingerprint);
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
        async Task<TaskRow?> TaskAsync() => (await rig.Index.TasksAsync(job)).SingleOrDefault();
        try
        {
            await rig.UntilAsync(async () => await TaskAsync() is { ProgressDone: 2 });
            // A heartbeat comes at a third of the lease.
            Assert.InRange(rig.Time.GetUtcNow() - (await TaskAsync())!.StartedAt!.Value, TimeSpan.Zero, (rig.Options.Lease / 3) - TimeSpan.FromSeconds(1));
        }
        finally
        {
            // Before the worker is disposed, which waits for its device.
            goOn.Set();
        }
        await rig.UntilEndedAsync(job);
    }
}
