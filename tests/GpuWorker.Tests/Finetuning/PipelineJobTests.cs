using System.Text.Json;
using DiffusionBatch.Contracts;
using DiffusionBatch.Pipeline.Jobs;

namespace DiffusionBatch.GpuWorker.Tests.Finetuning;

/// <summary>A manifest becomes a model, a sweep and a report; a tiny one, with everything real.</summary>
public sealed class PipelineJobTests
{
    internal const string Finetune = """
        { "kind": "finetune", "name": "tiny", "output": "models/tiny",
          "model": { "new": { "hiddenSize": 32, "layers": 1, "heads": 2, "feedForwardSize": 64, "maxPositions": 48, "dropout": 0.1 },
                     "tokenizer": { "train": "bpe", "vocabularySize": 300 } },
          "data": { "train": "data/train.jsonl", "validation": "data/valid.jsonl", "prompt": "say: {source} => ", "maxLength": 40 },
          "training": { "steps": 12, "batchTokens": 256, "warmupSteps": 2, "evaluateEvery": 6, "checkpointEvery": 4 },
          "length": { "predictor": { "steps": 6 } } }
        """;

    internal const string Pipeline = """
        { "kind": "pipeline", "name": "all", "jobs": [
          { "kind": "evaluate", "name": "score", "predictions": "results/tiny", "references": "data/valid.jsonl", "output": "reports/tiny" },
          { "kind": "sample", "name": "sweep", "model": { "from": "models/tiny" }, "input": "data/valid.jsonl", "output": "results/tiny", "shardSize": 3,
            "sampler": { "steps": [1, 4], "length": { "source": "oracle" } } },
        """ + Finetune + "] }";

    internal static WorkRoot Root()
    {
        var root = new WorkRoot();
        string[] words = ["red", "blue", "green", "small", "large", "house", "tree", "Größe"];
        object[] Pairs(int from, int count) => [.. Enumerable.Range(from, count).Select(i =>
            (object)new { id = $"p{i}", source = $"{words[i % 8]} {words[i * 3 % 7]}", target = $"{words[i * 3 % 7]} {words[i % 8]}" })];
        root.WriteLines("data/train.jsonl", Pairs(0, 40));
        root.WriteLines("data/valid.jsonl", Pairs(40, 8));
        return root;
    }

    [Fact]
    public async Task From_a_manifest_to_a_report_and_nothing_twice()
    {
        using WorkRoot root = Root();
        JobOutcome outcome = await root.MustRun(Pipeline);
        Assert.Equal(["tiny", "sweep", "score"], outcome.Jobs.Select(j => j.Name));
        JsonElement[] cells = [.. JsonDocument.Parse(File.ReadAllText(root.Path("reports/tiny/report.json"))).RootElement.GetProperty(
            "cells").EnumerateArray()];
        Assert.Equal(["steps=1", "steps=4"], cells.Select(c => c.GetProperty("cell").GetString()));
        Assert.All(cells, c => Assert.InRange(c.GetProperty("cost").GetProperty("seconds").GetDouble(), 1e-6, 60));
        var lines = root.Lines("results/tiny/steps=4");
        Assert.Equal(8, lines.Count);
        Assert.All(lines.Values, l => Assert.Equal(JsonValueKind.String, JsonDocument.Parse(l).RootElement.GetProperty("text").ValueKind));
        Assert.False(Directory.Exists(root.Path("models/tiny/.dbatch")));

        var before = root.Files("");
        before.Remove("dbatch.db");
        JobOutcome again = await root.MustRun(Pipeline);
        Assert.All(again.Jobs, j => Assert.True(j.Unchanged));
        var after = root.Files("");
        after.Remove("dbatch.db");
        Assert.Equal(before, after);
    }

    [Theory]
    [InlineData("training", 1)]
    [InlineData("training", 5)]
    [InlineData("training lengths", 2)]
    public async Task Stopped_and_run_again_a_finetune_comes_to_the_same_weights(string phase, int step)
    {
        using WorkRoot undisturbed = Root();
        await undisturbed.MustRun(Finetune);
        using WorkRoot root = Root();
        using var cancel = new CancellationTokenSource();
        JobOutcome outcome = await root.Run(Finetune, new CancelAt(phase, step, cancel), cancel.Token);
        Assert.Equal(JobVerdict.Interrupted, outcome.Verdict);
        Assert.False(File.Exists(root.Path("models/tiny/config.json")));
        await root.MustRun(Finetune);
        Assert.Equal(undisturbed.Files("models/tiny"), root.Files("models/tiny"));
    }

    [Theory]
    [InlineData(3, "float32")]
    [InlineData(7, "float32")]
    [InlineData(12, "float32")]
    [InlineData(7, "bfloat16")]
    [InlineData(7, "auto")]
    public async Task Killed_at_a_step_it_goes_on_from_the_last_checkpoint(int step, string precision)
    {
        string finetune = In(precision);
        using WorkRoot undisturbed = Root();
        await undisturbed.MustRun(finetune);
        using WorkRoot root = Root();
        // What is thrown here passes through the training loop without its knowing: nothing more is saved.
        Assert.Equal(JobVerdict.Failed, (await root.Run(finetune, new ThrowAt(step))).Verdict);
        await root.MustRun(finetune);
        Assert.Equal(undisturbed.Files("models/tiny"), root.Files("models/tiny"));
    }

    [Fact]
    public async Task The_precision_that_was_taken_is_noted_before_the_first_step_and_told_where_it_was_left_to_the_machine()
    {
        foreach (string precision in (string[])["float32", "auto"])
        {
            using WorkRoot root = Root();
            var notes = new Notes();
            JobOutcome outcome = await root.Run(In(precision), notes);
            string note = Assert.Single(notes.All);
            Assert.Equal(0, notes.StepsBefore);
            Assert.Equal(precision == "auto" ? [note] : [], outcome.Jobs[0].Warnings);
            Assert.StartsWith(precision == "auto" ? "training in " : "training in float32", note);
        }
    }

    static string In(string precision) =>
        Finetune.Replace("\"checkpointEvery\": 4", $"\"checkpointEvery\": 4, \"precision\": \"{precision}\"");

    sealed class Notes : IProgress<JobProgress>
    {
        public List<string> All { get; } = [];

        public long StepsBefore { get; private set; }

        public void Report(JobProgress value)
        {
            if (value.Note is not null && value.State == JobState.Running) All.Add(value.Note);
            else if (All.Count == 0 && value.Phase == "training") StepsBefore++;
        }
    }

    sealed class ThrowAt(int step) : IProgress<JobProgress>
    {
        public void Report(JobProgress value)
        {
            if (value.Phase == "training" && value.Done == step && value.State == JobState.Running) throw new IOException("killed");
        }
    }

    sealed class CancelAt(string phase, int step, CancellationTokenSource cancel) : IProgress<JobProgress>
    {
        public void Report(JobProgress value)
        {
            if (value.Phase == phase && value.Done == step) cancel.Cancel();
        }
    }
}
