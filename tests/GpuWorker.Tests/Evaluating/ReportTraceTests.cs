using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using DiffusionBatch.Diffusion.Tokenization;
using DiffusionBatch.GpuWorker.Evaluating;
using DiffusionBatch.Pipeline.Jobs;

namespace DiffusionBatch.GpuWorker.Tests.Evaluating;

/// <summary>The traces of a results folder in the report's page.</summary>
public sealed class ReportTraceTests : IDisposable
{
    const string Manifest = """
        { "kind": "evaluate", "name": "e", "predictions": "results", "references": "data/ref.jsonl", "output": "reports/e", "metrics": ["exactMatch"] }
        """;

    readonly WorkRoot _root = new();

    public void Dispose() => _root.Dispose();

    void WriteItems(int count)
    {
        _root.WriteLines("data/ref.jsonl", Enumerable.Range(0, count).Select(i => new { id = $"i{i}", source = "s", target = "t" }));
        foreach (int steps in (int[])[2, 4])
            _root.WriteLines($"results/steps={steps}/part-00000.jsonl",
                Enumerable.Range(0, count).Select(i => new { id = $"i{i}", text = "t" }));
    }

    static string Trace(string id, int candidate, params int[] tokens) =>
        $"{{\"id\":\"{id}\",\"candidate\":{candidate},\"steps\":[{{\"step\":1,\"write\":["
            + $"{string.Join(',', tokens.Select((t, i) => FormattableString.Invariant($"[{i},{t},-0.25]")))}],\"mask\":[]}}]}}\n";

    JsonElement? Traces()
    {
        Match element = Regex.Match(File.ReadAllText(_root.Path("reports/e/report.html")), "id=\"data-traces\">(.*?)</script>",
            RegexOptions.Singleline);
        return element.Success ? JsonDocument.Parse(element.Groups[1].Value).RootElement : null;
    }

    [Fact]
    public async Task Traces_are_played_with_the_texts_of_the_model_that_made_them()
    {
        ITextTokenizer tokenizer = BpeTrainer.Train(Enumerable.Repeat("the cat sat on the mat", 50), 300,
            TestContext.Current.CancellationToken);
        tokenizer.Save(_root.Path("models/m"));
        int[] ids = tokenizer.Encode("the cat sat");
        WriteItems(3);
        _root.Write("results/steps=2/trace-00000.jsonl",
            Trace("i0", 0, ids) + Trace("i0", 1, ids) + Trace("i2", 0, tokenizer.Specials.Eos));
        _root.Write("results/steps=4/trace-00000.jsonl", Trace("i0", 0, ids));
        _root.Write("results/manifest.json",
            """{"fingerprint":"f","state":"completed","startedAt":"2026-01-01T00:00:00Z","sources":{"(manifest)":"a","data/in.jsonl":"b","models/m":"c"}}""");
        await _root.MustRun(Manifest);
        JsonElement traces = Traces()!.Value;
        Assert.Equal([("i0", 0, 0), ("i0", 0, 1), ("i2", 0, 0), ("i0", 1, 0)], traces.GetProperty("traces").EnumerateArray()
            .Select(t => (t.GetProperty("id").GetString(), t.GetProperty("cell").GetInt32(), t.GetProperty("candidate").GetInt32())));
        JsonElement texts = traces.GetProperty("tokens");
        Assert.Equal([" the", " cat", " sat"], ids.Select(id => texts.GetProperty($"{id}").GetString()));
        Assert.Equal("</s>", texts.GetProperty($"{tokenizer.Specials.Eos}").GetString());
        Assert.Contains("Traced: 2 items.", File.ReadAllText(_root.Path("reports/e/report.html")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_plays_the_first_items_and_says_where_the_others_are()
    {
        WriteItems(80);
        foreach (int steps in (int[])[2, 4])
            _root.Write($"results/steps={steps}/trace-00000.jsonl",
                string.Concat(Enumerable.Range(0, 80).Select(i => Trace($"i{i}", 0, 5, 6))));
        await _root.MustRun(Manifest);
        JsonElement traces = Traces()!.Value;
        Assert.Equal([.. Enumerable.Range(0, ShownTraces.MostItems).Select(i => $"i{i}"), .. Enumerable.Range(0, ShownTraces.MostItems)
            .Select(i => $"i{i}")], traces.GetProperty("traces").EnumerateArray().Select(t => t.GetProperty("id").GetString()!));
        Assert.Empty(traces.GetProperty("tokens").EnumerateObject()); // no model is known: ids are shown
        Assert.Contains("the first 50 items that were traced; results/*/trace-*.jsonl has all of them",
            File.ReadAllText(_root.Path("reports/e/report.html")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Long_traces_leave_room_for_every_cell()
    {
        WriteItems(40);
        int[] many = [.. Enumerable.Range(0, 10_000)];
        foreach (int steps in (int[])[2, 4])
            _root.Write($"results/steps={steps}/trace-00000.jsonl",
                string.Concat(Enumerable.Range(0, 40).Select(i => Trace($"i{i}", 0, many))));
        await _root.MustRun(Manifest);
        var perCell = Traces()!.Value.GetProperty("traces").EnumerateArray().GroupBy(t => t.GetProperty("cell").GetInt32())
            .Select(g => g.Count());
        Assert.Equal([10, 10], perCell);
        Assert.InRange(new FileInfo(_root.Path("reports/e/report.html")).Length, 0, 6 << 20);
    }

    [Theory]
    [InlineData("{\"id\":\"i0\",\"candidate\":0}")]
    [InlineData("{\"id\":\"i0\",\"candidate\":0,\"steps\":[{\"step\":1,\"write\":[[-1,5,-1]],\"mask\":[]}]}")]
    [InlineData("nonsense")]
    public async Task A_malformed_trace_is_noted_and_the_scores_stand(string line)
    {
        WriteItems(2);
        _root.Write("results/steps=2/trace-00000.jsonl", Trace("i0", 0, 5) + line + "\n");
        _root.Write("results/steps=4/trace-00000.jsonl", Trace("i1", 0, 5));
        JobOutcome outcome = await _root.MustRun(Manifest);
        Assert.StartsWith("steps=2: the traces are left out: trace-00000.jsonl line 2: the line is no trace",
            Assert.Single(outcome.Jobs[0].Warnings), StringComparison.Ordinal);
        Assert.True(File.Exists(_root.Path("reports/e/report.json")));
    }

    [Fact]
    public async Task Without_traces_there_is_no_player()
    {
        WriteItems(2);
        await _root.MustRun(Manifest);
        Assert.Null(Traces());
    }
}
