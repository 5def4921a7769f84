using System.Text.Json;
using DiffusionBatch.Contracts;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Pipeline.Jobs;
using DiffusionBatch.Pipeline.Manifests;
using DiffusionBatch.Pipeline.Results;
using DiffusionBatch.Pipeline.Tests.Jobs;

namespace DiffusionBatch.Pipeline.Tests.Local;

public sealed class SampleJobTests : IDisposable
{
    readonly TestRoot _root = new();

    public void Dispose() => _root.Dispose();

    [Fact]
    public async Task Parts_hold_the_items_in_input_order()
    {
        JobOutcome outcome = await _root.Run(TestRoot.Sample(), new FakeTasks());
        Assert.Equal(JobVerdict.Done, outcome.Verdict);
        foreach (string cell in (string[])["steps=1", "steps=8"])
        {
            string[] parts = [.. Directory.GetFiles(_root.Path($"results/s/{cell}"), "part-*").Order()];
            Assert.Equal(6, parts.Length);
            Assert.Equal("part-00000.jsonl", Path.GetFileName(parts[0]));
            var ids = parts.SelectMany(File.ReadLines).Select(l => JsonDocument.Parse(l).RootElement.GetProperty("id").GetString());
            Assert.Equal(Enumerable.Range(0, 23).Select(i => $"i{i}"), ids);
            Assert.Equal(4, File.ReadLines(parts[0]).Count());
            Assert.Equal(6, Directory.GetFiles(_root.Path($"results/s/{cell}"), "trace-*").Length);
        }
        Assert.False(Directory.Exists(_root.Path("results/s/.dbatch")));
    }

    [Fact]
    public async Task Manifest_tells_state_items_cells_and_cost()
    {
        await _root.Run(TestRoot.Sample(), new FakeTasks());
        JsonElement manifest = JsonDocument.Parse(File.ReadAllText(_root.Path("results/s/manifest.json"))).RootElement;
        Assert.Equal("completed", manifest.GetProperty("state").GetString());
        Assert.Equal(64, manifest.GetProperty("fingerprint").GetString()!.Length);
        Assert.Equal("{\"total\":23,\"succeeded\":23,\"errored\":0}", Compact(manifest.GetProperty("items")));
        JsonElement cell = manifest.GetProperty("cells")[1];
        Assert.Equal("steps=8", cell.GetProperty("cell").GetString());
        Assert.Equal(8, cell.GetProperty("sampler").GetProperty("steps").GetInt32());
        Assert.Equal(6, cell.GetProperty("parts").GetInt32());
        Assert.Equal(8 * 23, cell.GetProperty("cost").GetProperty("nfe").GetInt32());
        Assert.Equal(3 * 23, cell.GetProperty("cost").GetProperty("tokens").GetInt32());
        Assert.Equal(0.5 * 23, cell.GetProperty("cost").GetProperty("seconds").GetDouble());
        Assert.True(manifest.GetProperty("finishedAt").GetDateTimeOffset() >= manifest.GetProperty("startedAt").GetDateTimeOffset());
    }

    [Fact]
    public async Task Shard_size_changes_no_line()
    {
        await _root.Run(TestRoot.Sample() with { ShardSize = 7 }, new FakeTasks());
        await _root.Run(TestRoot.Sample() with { ShardSize = 64, Output = "results/t" }, new FakeTasks { Window = 64 });
        foreach (string kind in (string[])["part", "trace"])
            Assert.Equal(Lines("results/s/steps=8", kind), Lines("results/t/steps=8", kind));
        Assert.Single(Directory.GetFiles(_root.Path("results/t/steps=8"), "part-*"));
    }

    [Fact]
    public async Task What_is_finished_is_left_alone()
    {
        await _root.Run(TestRoot.Sample(), new FakeTasks());
        var before = Stamps();
        var tasks = new FakeTasks();
        JobOutcome outcome = await _root.Run(TestRoot.Sample(), tasks);
        Assert.Equal(JobVerdict.Done, outcome.Verdict);
        Assert.True(Assert.Single(outcome.Jobs).Unchanged);
        Assert.Equal(0, tasks.Sampled);
        Assert.Equal(before, Stamps());
    }

    [Fact]
    public async Task A_part_that_is_missing_is_made_again_alone()
    {
        await _root.Run(TestRoot.Sample(), new FakeTasks());
        var before = _root.Files("results/s");
        File.Delete(_root.Path("results/s/steps=8/part-00002.jsonl"));
        File.WriteAllText(_root.Path("results/s/steps=8/part-00003.jsonl"), "{\"id\":\"i12\"");
        var tasks = new FakeTasks();
        Assert.Equal(JobVerdict.Done, (await _root.Run(TestRoot.Sample(), tasks)).Verdict);
        // Two shards of four items, in both cells, which share their passes.
        Assert.Equal(16, tasks.Sampled);
        Assert.Equal(before, _root.Files("results/s"));
    }

    [Fact]
    public async Task Lines_are_the_contract_s_to_the_letter()
    {
        _root.Write("data/in.jsonl", """
            {"id":"ä\"1","source":"Größe \u2028 😀\t","k":[1,2.50],"z":null}
            {"id":"b","promptIds":[0,5]}
            {"id":"c","source":" "}
            """);
        await _root.Run(TestRoot.Sample() with { Sampler = new SamplerSettings { Steps = 2 }, PassThrough = true, ErrorThreshold = -1 },
            new FakeTasks());
        string[] lines = File.ReadAllLines(_root.Path("results/s/steps=2/part-00000.jsonl"));
        Assert.Equal("{\"id\":\"ä\\\"1\",\"text\":\"Größe \u2028 😀\\t → 2\",\"score\":" + Score(lines[0])
            + ",\"length\":3,\"nfe\":2,\"input\":{\"k\":[1,2.50],\"z\":null}}", lines[0]);
        Assert.StartsWith("{\"id\":\"b\",\"text\":\" → 2\",\"ids\":[", lines[1], StringComparison.Ordinal);
        Assert.StartsWith("{\"id\":\"c\",\"error\":{\"code\":\"emptySource\",\"message\":\"", lines[2], StringComparison.Ordinal);
        Assert.StartsWith("{\"id\":\"ä\\\"1\",\"candidate\":0,\"steps\":[{\"step\":1,\"write\":[[0,",
            File.ReadAllLines(_root.Path("results/s/steps=2/trace-00000.jsonl"))[0], StringComparison.Ordinal);
        Assert.EndsWith(",-0.1]],\"mask\":[1,2]}]}", File.ReadAllLines(_root.Path("results/s/steps=2/trace-00000.jsonl"))[0],
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.05, JobVerdict.Failed, "failed")]
    [InlineData(0.1, JobVerdict.DoneWithErrors, "completedWithErrors")]
    [InlineData(-1, JobVerdict.DoneWithErrors, "completedWithErrors")]
    public async Task Error_threshold_decides(double threshold, JobVerdict verdict, string state)
    {
        // 2 of 25.
        File.AppendAllText(_root.Path("data/in.jsonl"), "{\"id\":\"x\",\"source\":\"no length\"}\n{\"id\":\"y\",\"source\":\"\"}\n");
        JobOutcome outcome = await _root.Run(TestRoot.Sample() with { ErrorThreshold = threshold }, new FakeTasks());
        Assert.Equal(verdict, outcome.Verdict);
        Assert.Equal(new ItemCounts(25, 23, 2), outcome.Jobs[0].Items);
        Assert.Equal(state, JsonDocument.Parse(File.ReadAllText(_root.Path("results/s/manifest.json"))).RootElement.GetProperty("state")
            .GetString());
        Assert.Contains("noLength 1", outcome.Jobs[0].Error ?? outcome.Jobs[0].Warnings[0], StringComparison.Ordinal);
        // Run again, it comes to the same end and samples nothing.
        var tasks = new FakeTasks();
        Assert.Equal(verdict, (await _root.Run(TestRoot.Sample() with { ErrorThreshold = threshold }, tasks)).Verdict);
        Assert.Equal(0, tasks.Sampled);
    }

    [Fact]
    public async Task Progress_goes_from_running_to_the_final_state()
    {
        var events = new List<JobProgress>();
        await _root.Run(TestRoot.Sample(), new FakeTasks(), progress: new Collect(events));
        Assert.Equal(JobState.Running, events[0].State);
        Assert.Equal(JobState.Completed, events[^1].State);
        JobProgress last = events.Last(e => e.State == JobState.Running);
        Assert.Equal(("sampling", 46L, 46L, "results"), (last.Phase, last.Done, last.Total, last.Unit));
    }

    static string Compact(JsonElement element) => JsonSerializer.Serialize(element);

    static string Score(string line) => JsonDocument.Parse(line).RootElement.GetProperty("score").GetRawText();

    List<string> Lines(string folder, string kind) =>
        [.. Directory.GetFiles(_root.Path(folder), kind + "-*").Order(StringComparer.Ordinal).SelectMany(File.ReadLines)];

    SortedDictionary<string, DateTime> Stamps()
    {
        var stamps = new SortedDictionary<string, DateTime>(StringComparer.Ordinal);
        foreach (string file in Directory.EnumerateFiles(_root.Path("results"), "*", SearchOption.AllDirectories))
            stamps[file + Convert.ToHexString(File.ReadAllBytes(file))] = File.GetLastWriteTimeUtc(file);
        return stamps;
    }

    sealed class Collect(List<JobProgress> events) : IProgress<JobProgress>
    {
        public void Report(JobProgress value)
        {
            lock (events) events.Add(value);
        }
    }
}
