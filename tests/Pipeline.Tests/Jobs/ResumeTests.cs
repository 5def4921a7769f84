using DiffusionBatch.Pipeline.Jobs;
using DiffusionBatch.Pipeline.Manifests;
using DiffusionBatch.Pipeline.Results;

namespace DiffusionBatch.Pipeline.Tests.Jobs;

/// <summary>Whatever is killed when, the next run comes to the same bytes and computes little twice.</summary>
public sealed class ResumeTests
{
    sealed class Killed : Exception;

    static PipelineManifest Pipeline() => new()
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

    [Fact]
    public async Task A_kill_before_any_change_is_healed()
    {
        using var undisturbed = new TestRoot();
        int changes = 0;
        var all = new FakeTasks();
        Assert.Equal(JobVerdict.Done, (await undisturbed.Run(Pipeline(), all, _ => changes++)).Verdict);
        var expected = Expected(undisturbed);
        Assert.True(changes > 100, $"{changes} changes");

        // Every third point keeps the test quick; the start, where files are few, is tried in full.
        for (int kill = 0; kill < changes; kill += kill < 20 ? 1 : 3)
        {
            using var root = new TestRoot();
            var tasks = new FakeTasks();
            int at = 0;
            await Assert.ThrowsAsync<Killed>(() => root.Run(Pipeline(), tasks, _ => { if (at++ >= kill) throw new Killed(); }));
            JobOutcome outcome = await root.Run(Pipeline(), tasks);
            Assert.True(outcome.Verdict == JobVerdict.Done, $"kill {kill}: {outcome.Verdict} {outcome.Error} {outcome.Jobs.FirstOrDefault(j => j.Error is not null)?.Error} {string.Join(';', outcome.Problems)}");
            Assert.Equal(expected, Expected(root));
            Assert.InRange(tasks.Sampled, all.Sampled, all.Sampled + 2);
            Assert.InRange(tasks.Finetuned, 3, 3);
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
            int at = 0;
            try
            {
                if ((await root.Run(Pipeline(), tasks, _ => { if (at++ >= limit) throw new Killed(); })).Verdict == JobVerdict.Done) break;
            }
            catch (Killed)
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
    [InlineData(45)]
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
    public async Task A_torn_journal_is_used_up_to_the_tear()
    {
        using var undisturbed = new TestRoot();
        await undisturbed.Run(TestRoot.Sample(), new FakeTasks());
        using var root = new TestRoot();
        var tasks = new FakeTasks { OnResult = n => { if (n == 13) throw new IOException("stop"); } };
        Assert.Equal(JobVerdict.Failed, (await root.Run(TestRoot.Sample(), tasks)).Verdict);
        string journal = root.Path("results/s/.dbatch/journal");
        byte[] bytes = File.ReadAllBytes(journal);
        bytes[^40] ^= 1;
        File.WriteAllBytes(journal, bytes);
        tasks.OnResult = _ => { };
        Assert.Equal(JobVerdict.Done, (await root.Run(TestRoot.Sample(), tasks)).Verdict);
        Assert.True(tasks.Sampled > 46, "the torn result was taken on trust");
        Assert.Equal(undisturbed.Files("results/s"), root.Files("results/s"));
    }

    static List<KeyValuePair<string, string>> Expected(TestRoot root) =>
        [.. root.Files("models"), .. root.Files("results"), .. root.Files("reports")];
}
