using DiffusionBatch.Contracts;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Pipeline.Jobs;
using DiffusionBatch.Pipeline.Manifests;
using DiffusionBatch.Pipeline.Problems;
using DiffusionBatch.Pipeline.Results;
using DiffusionBatch.Pipeline.Tests.Jobs;
using DiffusionBatch.Pipeline.Tests.Working;

namespace DiffusionBatch.Pipeline.Tests.Local;

/// <summary>Whatever is killed when, the next run comes to the same bytes and computes little twice.</summary>
public sealed class ResumeTests
{
    // Calls that change something.
    static readonly string[] s_writes =
    [
        "index.SubmitAsync", "index.ClaimPlanAsync", "index.AddTasksAsync", "index.FinishPlanAsync", "index.ClaimInTurnAsync",
        "index.CommitAsync", "index.FinishAsync",
        "index.TakeOverAsync", "index.ResendAsync", "index.AdvanceBlockedAsync", "index.MarkSentAsync", "index.SaveHashAsync",
        "blob.WriteAsync", "blob.DeleteAsync",
    ];

    internal static PipelineManifest Pipeline() => new()
    {
        Name = "p",
        Jobs =
        [
            new FinetuneManifest
            {
                Name = "f", Output = "models/f", Model = new TrainingModel { From = "models/m" },
                Data = new TrainingData { Train = "data/in.jsonl" }, Training = new TrainingSettings { Steps = 3 },
            },
            TestRoot.Sample() with { Model = new ModelReference { From = "models/f" } },
            new EvaluateManifest { Name = "e", Output = "reports/e", Predictions = "results/s", References = "data/in.jsonl" },
        ],
    };

    internal static CrashPoint At(int change, bool after) =>
        new(call => s_writes.Any(w => call.StartsWith(w + " ", StringComparison.Ordinal)), change, after);

    [Fact]
    public async Task What_another_manifest_left_unfinished_stands_in_nobody_s_way()
    {
        using var root = new TestRoot();
        root.WriteInput(Enumerable.Range(0, 100));
        using var cancel = new CancellationTokenSource();
        SampleManifest left = TestRoot.Sample() with { ShardSize = 1 };
        await root.Run(left, new FakeTasks { OnResult = _ => cancel.Cancel() }, cancellationToken: cancel.Token);
        Assert.Equal(JobVerdict.Done,
            (await root.Run(left with { Name = "t", Output = "results/t" }, new FakeTasks()).WaitAsync(TimeSpan.FromMinutes(1))).Verdict);
        Assert.Equal(JobVerdict.Done, (await root.Run(left, new FakeTasks()).WaitAsync(TimeSpan.FromMinutes(1))).Verdict);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_kill_at_any_change_is_healed(bool after)
    {
        using var undisturbed = new TestRoot();
        var all = new FakeTasks();
        CrashPoint count = At(int.MaxValue, after);
        Assert.Equal(JobVerdict.Done, (await undisturbed.Run(Pipeline(), all, count)).Verdict);
        var expected = Expected(undisturbed);
        Assert.True(count.Seen > 50, $"{count.Seen} changes");

        // Every fifth change keeps the test quick; the start, where files are few, is tried in full.
        for (int kill = 1; kill <= count.Seen; kill += kill < 12 ? 1 : 5)
        {
            using var root = new TestRoot();
            var tasks = new FakeTasks();
            CrashPoint crash = At(kill, after);
            try
            {
                await root.Run(Pipeline(), tasks, crash);
                // What was begun beside the others may have had another number this time.
                Assert.False(crash.IsDead);
            }
            catch (CrashPoint.Killed)
            {
                // As it should be.
            }
            JobOutcome outcome = await root.Run(Pipeline(), tasks);
            Assert.True(outcome.Verdict == JobVerdict.Done,
                $"kill {kill}: {outcome.Verdict} {outcome.Error} {outcome.Jobs.FirstOrDefault(j => j.Error is not null)?.Error} "
                    + $"{string.Join(';', outcome.Problems)}");
            Assert.Equal(expected, Expected(root));
            // What was committed isn't made again: at most the shards that were ready are.
            Assert.InRange(tasks.Sampled, all.Sampled, all.Sampled + 48);
            Assert.InRange(tasks.Finetuned, 3, 6);
        }
    }

    [Fact]
    public async Task Twice_killed_is_healed_too()
    {
        using var undisturbed = new TestRoot();
        await undisturbed.Run(Pipeline(), new FakeTasks());
        using var root = new TestRoot();
        var tasks = new FakeTasks();
        for (int limit = 4; ; limit += 3)
        {
            try
            {
                if ((await root.Run(Pipeline(), tasks, At(limit, after: false))).Verdict == JobVerdict.Done) break;
            }
            catch (CrashPoint.Killed)
            {
                continue;
            }
        }
        Assert.Equal(Expected(undisturbed), Expected(root));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(17)]
    [InlineData(30)]
    public async Task Cancelled_is_interrupted_and_goes_on(int after)
    {
        using var undisturbed = new TestRoot();
        await undisturbed.Run(TestRoot.Sample(), new FakeTasks());
        using var root = new TestRoot();
        using var cancel = new CancellationTokenSource();
        var tasks = new FakeTasks { OnResult = n => { if (n == after) cancel.Cancel(); } };
        JobOutcome outcome = await root.Run(TestRoot.Sample(), tasks, cancellationToken: cancel.Token);
        Assert.Equal(JobVerdict.Interrupted, outcome.Verdict);
        Assert.Equal(JobState.Queued, outcome.Jobs[0].State);
        Assert.Equal("queued", OutputManifest.Read(root.Path("results/s"))!.State);
        tasks.OnResult = _ => { };
        Assert.Equal(JobVerdict.Done, (await root.Run(TestRoot.Sample(), tasks)).Verdict);
        Assert.InRange(tasks.Sampled, 46, 48);
        Assert.Equal(undisturbed.Files("results/s"), root.Files("results/s"));
    }

    [Fact]
    public async Task A_task_that_fails_fails_its_job_and_those_that_need_it()
    {
        using var root = new TestRoot();
        var tasks = new FakeTasks { OnResult = n => { if (n == 2) throw new IOException("No space left on device"); } };
        JobOutcome outcome = await root.Run(Pipeline(), tasks);
        Assert.Equal(JobVerdict.Failed, outcome.Verdict);
        Assert.Equal([JobState.Failed, JobState.Failed, JobState.Failed], outcome.Jobs.Select(j => j.State));
        Assert.Equal("No space left on device", outcome.Jobs[0].Error);
        Assert.Contains("needs the output of f", outcome.Jobs[1].Error, StringComparison.Ordinal);
        Assert.Equal("failed", OutputManifest.Read(root.Path("models/f"))!.State);
        tasks.OnResult = _ => { };
        Assert.Equal(JobVerdict.Done, (await root.Run(Pipeline(), tasks)).Verdict);
        Assert.Equal(3, tasks.Finetuned);
    }

    [Fact]
    public async Task What_is_wrong_with_a_job_s_inputs_is_told_by_each_run()
    {
        using var root = new TestRoot();
        var tasks = new FakeTasks { OnResult = _ => throw new ProblemsException([Problem.OfFile("data/in.jsonl", "all is empty")]) };
        for (int run = 0; run < 3; run++)
        {
            JobOutcome outcome = await root.Run(Pipeline(), tasks);
            Assert.Equal(JobVerdict.Failed, outcome.Verdict);
            Assert.Equal("data/in.jsonl: all is empty", outcome.Jobs[0].Error);
            Assert.Equal(["all is empty"], outcome.Jobs[0].Problems.Select(p => p.Message));
        }
    }

    static List<KeyValuePair<string, string>> Expected(TestRoot root) =>
        [.. root.Files("models"), .. root.Files("results"), .. root.Files("reports")];
}
