using System.Text.Json;
using DiffusionBatch.Contracts;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Manifests;
using DiffusionBatch.Pipeline.Tests.Jobs;

namespace DiffusionBatch.Pipeline.Tests.Working;

/// <summary>An item that kills whoever samples it is found and given up; the others have their results.</summary>
public sealed class PoisonTests
{
    static SampleManifest Manifest(int shardSize = 64) => TestRoot.Sample() with { ShardSize = shardSize, ErrorThreshold = 0.05 };

    static FakeTasks Poisonous(string id) =>
        new()
        {
            Window = 3,
            OnItem = item =>
            {
                if (item.Id == id) throw new InvalidOperationException($"the kernel fell over {item.Id}");
            }
        };

    [Fact]
    public async Task One_poisonous_item_of_64_is_one_error()
    {
        await using var undisturbed = new PipelineRig();
        undisturbed.Root.WriteInput(Enumerable.Range(0, 64));
        await undisturbed.RunAsync(Manifest(), new FakeTasks());
        await using var rig = new PipelineRig();
        rig.Root.WriteInput(Enumerable.Range(0, 64));
        JobRow job = await rig.RunAsync(Manifest(), Poisonous("i37"));
        Assert.Equal((JobState.CompletedWithErrors, 63L, 1L), (job.State, job.ItemsSucceeded, job.ItemsErrored));
        foreach (string cell in (string[])["steps=1", "steps=8"])
        {
            string[] expected = File.ReadAllLines(undisturbed.Root.Path($"results/s/{cell}/part-00000.jsonl")),
                found = File.ReadAllLines(rig.Root.Path($"results/s/{cell}/part-00000.jsonl"));
            Assert.Equal(64, found.Length);
            for (int i = 0; i < 64; i++)
                if (i != 37) Assert.Equal(expected[i], found[i]);
            JsonElement error = JsonDocument.Parse(found[37]).RootElement.GetProperty("error");
            Assert.Equal("poisoned", error.GetProperty("code").GetString());
            Assert.Contains("the kernel fell over i37", error.GetProperty("message").GetString(), StringComparison.Ordinal);
            Assert.Equal(File.ReadAllLines(undisturbed.Root.Path($"results/s/{cell}/trace-00000.jsonl"))
                .Where(l => !l.Contains("\"i37\"", StringComparison.Ordinal)),
                    File.ReadAllLines(rig.Root.Path($"results/s/{cell}/trace-00000.jsonl")));
        }
        PoisonRow poison = Assert.Single(await rig.Index.Poison.ListAsync(job.Id));
        Assert.Equal(("i37", 37L, 1L), (poison.ItemId, poison.FirstItem, poison.ItemCount));
        Assert.Contains("the kernel fell over", poison.Reason, StringComparison.Ordinal);
        Assert.Contains("1 of 64 items have errors (poisoned 1)", job.Warnings[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Shards_that_flow_beside_a_poisonous_one_are_not_blamed()
    {
        await using var rig = new PipelineRig();
        JobRow job = await rig.RunAsync(Manifest(4), Poisonous("i9"));
        Assert.Equal((JobState.CompletedWithErrors, 22L, 1L), (job.State, job.ItemsSucceeded, job.ItemsErrored));
        IReadOnlyList<TaskRow> tasks = await rig.Index.Tasks.ListAsync(job.Id);
        Assert.All(tasks.Where(t => t.Parent is null && t.Part != 2), t => Assert.Equal((TaskState.Completed, 0), (t.State, t.Failures)));
        Assert.Single(await rig.Index.Poison.ListAsync(job.Id));
    }

    [Fact]
    public async Task A_finetune_that_always_fails_is_given_up_and_fails_its_job()
    {
        await using var rig = new PipelineRig();
        var tasks = new FakeTasks { OnResult = _ => throw new IOException("No space left on device") };
        JobRow job = await rig.RunAsync(WorkerTests.Pipeline().Jobs[2], tasks);
        Assert.Equal((JobState.Failed, "No space left on device"), (job.State, job.Error));
        Assert.Equal(5, Assert.Single(await rig.Index.Tasks.ListAsync(job.Id)).Failures);
        Assert.Single(await rig.Index.Poison.ListAsync(job.Id));
    }

    [Fact]
    public async Task What_fails_twice_and_then_works_leaves_no_trace_in_the_results()
    {
        await using var undisturbed = new PipelineRig();
        await undisturbed.RunAsync(Manifest(4), new FakeTasks());
        await using var rig = new PipelineRig();
        int failures = 0;
        var tasks = new FakeTasks
        {
            Window = 2,
            OnItem = item =>
            {
                if (item.Id == "i9" && failures++ < 2) throw new IOException("a hiccup");
            }
        };
        JobRow job = await rig.RunAsync(Manifest(4), tasks);
        Assert.Equal(JobState.Completed, job.State);
        Assert.Equal(undisturbed.Root.Files("results"), rig.Root.Files("results"));
        Assert.Equal(await undisturbed.RowsAsync(), await rig.RowsAsync());
    }
}
