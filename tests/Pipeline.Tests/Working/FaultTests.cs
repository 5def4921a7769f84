using DiffusionBatch.Contracts;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Manifests;
using DiffusionBatch.Pipeline.Tests.Jobs;

namespace DiffusionBatch.Pipeline.Tests.Working;

/// <summary>A process that dies before or after any of its writes costs time and nothing else (DESIGN section 3).</summary>
public sealed class FaultTests
{
    static readonly Lazy<Task<(JobRow Job, SortedDictionary<string, string> Files, IReadOnlyList<string> Rows)>> s_undisturbed =
        new(async () =>
    {
        await using var rig = new PipelineRig();
        return (await rig.RunAsync(TestRoot.Sample(), new FakeTasks()), rig.Root.Files("results"), await rig.RowsAsync());
    });

    static readonly string[] Points =
    [
        // Relay: the plan's message, the tasks' messages.
        "index.AdmitAsync#1", "queue.SendAsync#1", "index.MarkSentAsync#1",
        // Plan.
        "index.ClaimPlanAsync#1", "blob.WriteAsync:inputs.json#1", "index.AddTasksAsync#1", "blob.WriteAsync:manifest.json#1",
        "index.FinishPlanAsync#1",
        // Receive, claim, checkpoint.
        "queue.ReceiveAsync:tasks#1", "index.ClaimInTurnAsync#1", "blob.WriteAsync:journal#1", "index.RenewAsync#1",
        // Commit: cost, trace, parts; index; message.
        "blob.WriteAsync:cost.json#1", "blob.WriteAsync:trace-#1", "blob.WriteAsync:part-#2",
        "index.CommitAsync#1", "queue.DeleteAsync:tasks#1",
        // End.
        "blob.WriteAsync:manifest.json#2", "index.FinishAsync#1", "queue.DeleteAsync:control#2",
    ];

    public static TheoryData<string, bool> Deaths =>
        [.. Points.SelectMany(p => (TheoryDataRow<string, bool>[])[new(p, false), new(p, true)])];

    [Theory, MemberData(nameof(Deaths))]
    public async Task A_death_at_any_point_is_healed(string point, bool after)
    {
        (JobRow expected, SortedDictionary<string, string> files, IReadOnlyList<string> rows) = await s_undisturbed.Value;
        await using var rig = new PipelineRig();
        var slow = new FakeTasks();
        // Slow enough for heartbeats and checkpoints to come.
        slow.OnResult = _ => Thread.Sleep(slow.Sampled < 12
            && point.Contains("journal", StringComparison.Ordinal) | point.Contains("Renew", StringComparison.Ordinal) ? 40 : 1);
        string job = await DieAsync(rig, TestRoot.Sample(), slow, point, after);
        await using (PipelineRig.Running successor = rig.Start(new FakeTasks())) await rig.UntilEndedAsync(job);
        JobRow ended = (await rig.Index.Jobs.GetAsync(job))!;
        Assert.Equal((expected.State, expected.ItemsSucceeded, expected.ItemsErrored, expected.TasksTotal, expected.Fingerprint),
            (ended.State, ended.ItemsSucceeded, ended.ItemsErrored, ended.TasksTotal, ended.Fingerprint));
        Assert.Equal(files, rig.Root.Files("results"));
        Assert.Equal(rows, await rig.RowsAsync());
    }

    [Theory]
    [InlineData("blob.WriteAsync:files/#1", true)]
    [InlineData("blob.WriteAsync:resume.json#1", true)]
    [InlineData("blob.WriteAsync:model.safetensors#1", false)]
    [InlineData("blob.WriteAsync:model.safetensors#1", true)]
    [InlineData("index.CommitAsync#1", false)]
    [InlineData("index.CommitAsync#1", true)]
    public async Task A_finetune_that_dies_comes_to_the_same_weights(string point, bool after)
    {
        FinetuneManifest manifest =
            (FinetuneManifest)WorkerTests.Pipeline().Jobs[2] with { Training = new TrainingSettings { Steps = 40 } };
        await using var undisturbed = new PipelineRig();
        await undisturbed.RunAsync(manifest, new FakeTasks());
        await using var rig = new PipelineRig();
        var slow = new FakeTasks();
        slow.OnResult = _ => Thread.Sleep(10);
        string job = await DieAsync(rig, manifest, slow, point, after);
        var successor = new FakeTasks();
        await using (PipelineRig.Running worker = rig.Start(successor)) await rig.UntilEndedAsync(job);
        Assert.Equal(JobState.Completed, (await rig.Index.Jobs.GetAsync(job))!.State);
        Assert.Equal(undisturbed.Root.Files("models/f"), rig.Root.Files("models/f"));
        if (point.Contains("resume", StringComparison.Ordinal)) Assert.InRange(successor.Finetuned, 0, 39);
    }

    // One process does everything and dies; what it left is all that the next one finds.
    internal static async Task<string> DieAsync(PipelineRig rig, JobManifest manifest, FakeTasks tasks, string point, bool after)
    {
        rig.Crash = CrashPoint.At(point, after);
        PipelineRig.Running dying = rig.Start(tasks);
        try
        {
            await rig.SubmitAsync(manifest);
        }
        catch (CrashPoint.Killed)
        {
            // The job was entered before.
        }
        await rig.UntilAsync(() => Task.FromResult(rig.Crash.IsDead || dying.Task.IsCompleted), mayDie: true);
        Assert.True(rig.Crash.IsDead, $"{point} was never reached");
        await PipelineRig.BuryAsync(dying);
        rig.Crash = null;
        return Assert.Single((await rig.Index.Jobs.ListAsync(new JobFilter(), null, 10)).Jobs).Id;
    }
}
