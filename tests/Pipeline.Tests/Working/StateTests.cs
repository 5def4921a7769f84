using DiffusionBatch.Contracts;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Jobs;
using DiffusionBatch.Pipeline.Manifests;
using DiffusionBatch.Pipeline.Problems;
using DiffusionBatch.Pipeline.Results;
using DiffusionBatch.Pipeline.Submitting;
using DiffusionBatch.Pipeline.Tests.Jobs;

namespace DiffusionBatch.Pipeline.Tests.Working;

/// <summary>The ends that jobs come to otherwise than by being done.</summary>
public sealed class StateTests
{
    [Fact]
    public async Task Cancelled_while_it_runs_it_keeps_what_is_finished()
    {
        await using var rig = new PipelineRig();
        using var held = new ManualResetEventSlim();
        var tasks = new FakeTasks { Window = 2, OnResult = n => { if (n == 14) held.Wait(TimeSpan.FromMinutes(1)); } };
        string job = await rig.SubmitAsync(TestRoot.Sample());
        await using PipelineRig.Running worker = rig.Start(tasks);
        await rig.UntilAsync(async () => (await rig.Index.Tasks.ListAsync(job)).Any(t => t.State == TaskState.Completed));
        Assert.Equal(CancelOutcome.Cancelling, await rig.Service.CancelAsync(job, default));
        Assert.Equal(JobState.Cancelling, (await rig.Index.Jobs.GetAsync(job))!.State);
        await rig.UntilAsync(async () => { held.Set(); return (await rig.Index.Jobs.GetAsync(job))!.State.IsFinal(); });
        JobRow ended = (await rig.Index.Jobs.GetAsync(job))!;
        Assert.Equal(JobState.Cancelled, ended.State);
        OutputManifest written = OutputManifest.Read(rig.Root.Path("results/s"))!;
        Assert.Equal("cancelled", written.State);
        TaskRow[] kept = [.. (await rig.Index.Tasks.ListAsync(job)).Where(t => t.State == TaskState.Completed)];
        Assert.NotEmpty(kept);
        Assert.All(kept, t => Assert.True(File.Exists(rig.Root.Path($"results/s/steps=1/part-{t.Part:00000}.jsonl"))));
        Assert.InRange(tasks.Sampled, 14, 40);
        Assert.Equal(CancelOutcome.Ended, await rig.Service.CancelAsync(job, default));
    }

    [Fact]
    public async Task Cancelled_before_it_is_planned_it_is_cancelled_at_once()
    {
        await using var rig = new PipelineRig();
        string job = await rig.SubmitAsync(WorkerTests.Pipeline());
        Assert.Equal(CancelOutcome.Cancelled, await rig.Service.CancelAsync(job, default));
        Assert.All(await rig.Index.Jobs.ChildrenAsync(job), j => Assert.Equal(JobState.Cancelled, j.State));
        var idle = new FakeTasks();
        await using PipelineRig.Running worker = rig.Start(idle);
        for (int i = 0; i < 20; i++) await rig.TickAsync();
        Assert.Equal(0, idle.Finetuned);
        Assert.False(Directory.Exists(rig.Root.Path("models/f")));
    }

    [Fact]
    public async Task Past_its_time_it_is_expired()
    {
        await using var rig = new PipelineRig();
        string job = await rig.SubmitAsync(TestRoot.Sample(), expires: rig.Time.GetUtcNow().AddMinutes(2));
        await rig.UntilEndedAsync(job);
        JobRow ended = (await rig.Index.Jobs.GetAsync(job))!;
        Assert.Equal(JobState.Expired, ended.State);
        Assert.Equal("expired", OutputManifest.Read(rig.Root.Path("results/s"))!.State);
        // Its messages find nothing to do.
        var idle = new FakeTasks();
        await using PipelineRig.Running worker = rig.Start(idle);
        await rig.UntilAsync(async () => await rig.Queues[QueueNames.Of(JobPriority.Normal)].CountAsync(default) == 0);
        Assert.Equal(0, idle.Sampled);
    }

    [Fact]
    public async Task What_needs_a_failed_job_fails()
    {
        await using var rig = new PipelineRig();
        JobRow pipeline = await rig.RunAsync(WorkerTests.Pipeline(),
            new FakeTasks { OnResult = n => throw new ProblemsException(Problem.OfFile("models/m", "it is broken")) });
        Assert.Equal(JobState.Failed, pipeline.State);
        JobRow[] jobs = [.. await rig.Index.Jobs.ChildrenAsync(pipeline.Id)];
        Assert.All(jobs, j => Assert.Equal(JobState.Failed, j.State));
        Assert.Equal("models/m: it is broken", jobs[2].Error);
        Assert.Equal([Problem.OfFile("models/m", "it is broken")], jobs[2].Problems);
        Assert.Contains("f", jobs[1].Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bad_input_fails_the_job_with_the_list_and_nothing_is_sampled()
    {
        await using var rig = new PipelineRig();
        rig.Root.Write("data/in.jsonl", "{\"id\":\"a\",\"source\":\"x\"}\n{\"id\":\"a\",\"source\":\"y\"}\nnonsense\n");
        using var local = new TestRoot();
        local.Write("data/in.jsonl", File.ReadAllText(rig.Root.Path("data/in.jsonl")));
        JobOutcome expected = await local.Run(TestRoot.Sample(), new FakeTasks());
        var tasks = new FakeTasks();
        JobRow job = await rig.RunAsync(TestRoot.Sample(), tasks);
        Assert.Equal((JobState.Failed, 0), (job.State, tasks.Sampled));
        Assert.Equal(expected.Problems, job.Problems);
        Assert.False(Directory.Exists(rig.Root.Path("results")));
    }

    [Fact]
    public async Task A_bad_checkpoint_fails_the_job_with_the_list()
    {
        await using var rig = new PipelineRig();
        var tasks = new FakeTasks();
        tasks.Problems.AddRange([Problem.OfFile("models/m/model.safetensors", "truncated"),
            Problem.OfFile("models/m/config.json", "no heads")]);
        JobRow job = await rig.RunAsync(TestRoot.Sample(), tasks);
        Assert.Equal((JobState.Failed, 0), (job.State, tasks.Sampled));
        Assert.Equal(tasks.Problems, job.Problems);
        Assert.Equal("failed", OutputManifest.Read(rig.Root.Path("results/s"))!.State);
    }

    [Fact]
    public async Task An_input_that_changes_after_the_plan_fails_the_job()
    {
        await using var rig = new PipelineRig();
        string job = await rig.SubmitAsync(TestRoot.Sample());
        await rig.UntilAsync(async () => (await rig.Index.Jobs.GetAsync(job))!.PlannedAt is not null);
        rig.Root.WriteInput(Enumerable.Range(0, 24));
        var tasks = new FakeTasks();
        await using (PipelineRig.Running worker = rig.Start(tasks)) await rig.UntilEndedAsync(job);
        JobRow ended = (await rig.Index.Jobs.GetAsync(job))!;
        Assert.Equal((JobState.Failed, 0), (ended.State, tasks.Sampled));
        Assert.Contains("data/in.jsonl was changed after the job was planned", ended.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Anothers_output_is_refused_or_replaced()
    {
        await using var rig = new PipelineRig();
        await rig.RunAsync(TestRoot.Sample(), new FakeTasks());
        SampleManifest other = TestRoot.Sample() with { Seed = 7 };
        JobRow refused = await rig.RunAsync(other, new FakeTasks());
        Assert.Equal(JobState.Failed, refused.State);
        Assert.Contains("results/s holds the output of another job, which differs in the manifest", refused.Error,
            StringComparison.Ordinal);
        Assert.Equal("completed", OutputManifest.Read(rig.Root.Path("results/s"))!.State);
        using var undisturbed = new TestRoot();
        await undisturbed.Run(other, new FakeTasks());
        JobRow replaced = await rig.RunAsync(other with { Overwrite = true }, new FakeTasks());
        Assert.Equal(JobState.Completed, replaced.State);
        Assert.Equal(undisturbed.Files("results"), rig.Root.Files("results"));
        rig.Root.Write("results/mine/notes.txt", "mine");
        JobRow foreign = await rig.RunAsync(TestRoot.Sample() with { Output = "results/mine" }, new FakeTasks());
        Assert.Contains("results/mine holds files that no job with this manifest wrote", foreign.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_dbatch_run_left_unfinished_is_finished()
    {
        using var undisturbed = new TestRoot();
        await undisturbed.Run(TestRoot.Sample(), new FakeTasks());
        await using var rig = new PipelineRig();
        await rig.Root.Run(TestRoot.Sample(), new FakeTasks { OnResult = n => { if (n == 30) throw new IOException("stop"); } });
        var tasks = new FakeTasks();
        JobRow job = await rig.RunAsync(TestRoot.Sample(), tasks);
        Assert.Equal(JobState.Completed, job.State);
        Assert.InRange(tasks.Sampled, 10, 30);
        undisturbed.Files("results/s");
        foreach (string cell in (string[])["steps=1", "steps=8"])
            Assert.Equal(undisturbed.Files($"results/s/{cell}"), rig.Root.Files($"results/s/{cell}"));
    }

    [Fact]
    public async Task One_key_is_one_job()
    {
        await using var rig = new PipelineRig();
        string first = await rig.SubmitAsync(TestRoot.Sample(), "k1");
        Assert.Equal(first, await rig.SubmitAsync(TestRoot.Sample(), "k1"));
        SubmitRequest spaced =
            new(System.Text.Encoding.UTF8.GetBytes("// the same\n" + ManifestWriter.ToJson(TestRoot.Sample()).ToJsonString()))
            {
                IdempotencyKey = "k1"
            };
        Assert.Equal((SubmitStatus.Existing, first), await Submit(spaced));
        Assert.Equal((SubmitStatus.Conflict, first),
            await Submit(PipelineRig.Request(TestRoot.Sample() with { Seed = 2 }) with { IdempotencyKey = "k1" }));
        Assert.NotEqual(first, await rig.SubmitAsync(TestRoot.Sample(), "k2"));

        async Task<(SubmitStatus, string)> Submit(SubmitRequest request)
        {
            SubmitOutcome outcome = (await rig.Service.SubmitAsync(request, default)).Outcome!;
            return (outcome.Status, outcome.Job.Id);
        }
    }

    [Fact]
    public async Task A_bad_manifest_is_refused_with_every_problem_and_nothing_stored()
    {
        await using var rig = new PipelineRig();
        SubmitResult result =
            await rig.Service.SubmitAsync(
                new SubmitRequest(
                    """{ "kind": "sample", "name": "S", "model": { "from": "models/none" }, "input": ".dbatch/jobs/x", "output": "results/s", "colour": 1 }"""u8.ToArray()), default);
        Assert.Null(result.Outcome);
        Assert.Equal(4, result.Problems.Count);
        Assert.All(result.Problems, p => Assert.NotNull(p.Line));
        Assert.Empty((await rig.Index.Jobs.ListAsync(new JobFilter(), null, 10)).Jobs);
        rig.Root.Write(".dbatch/secret.jsonl", "{}");
        Assert.Contains("belongs to the pipeline",
            Assert.Single(await rig.Service.ValidateAsync(PipelineRig.Request(TestRoot.Sample() with { Input = ".dbatch/secret.jsonl" }),
                default)).Message, StringComparison.Ordinal);
    }
}
