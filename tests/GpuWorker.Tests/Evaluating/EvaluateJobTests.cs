using System.Text.Json;
using DiffusionBatch.Pipeline.Jobs;
using DiffusionBatch.Pipeline.Results;

namespace DiffusionBatch.GpuWorker.Tests.Evaluating;

public sealed class EvaluateJobTests : IDisposable
{
    const string Manifest = """
        { "kind": "evaluate", "name": "e", "predictions": "PREDICTIONS", "references": "data/ref.jsonl", "output": "reports/e",
          "metrics": ["bleu", { "name": "bleu", "lowercase": true, "as": "bleu-lc" }, "chrf", "exactMatch", "cost"] }
        """;

    readonly WorkRoot _root = new();

    public EvaluateJobTests() => _root.WriteLines("data/ref.jsonl",
    [
        new { id = "a", source = "Die Katze sitzt auf der Matte .", target = "The cat sits on the mat ." },
        new { id = "b", source = "Ein Hund läuft schnell .", target = (string[])["A dog runs fast .", "A dog runs quickly ."] },
        new { id = "c", source = "Hallo", target = "Hello there my friend ." },
    ]);

    public void Dispose() => _root.Dispose();

    Task<JobOutcome> Run(string predictions) => _root.Run(Manifest.Replace("PREDICTIONS", predictions, StringComparison.Ordinal));

    JsonElement Report() => JsonDocument.Parse(File.ReadAllText(_root.Path("reports/e/report.json"))).RootElement;

    [Fact]
    public async Task One_file_is_one_cell()
    {
        _root.WriteLines("p.jsonl", [new { id = "c", text = "Hello there my friend ." },
            new { id = "a", text = "The cat sits on the mat ." }, new { id = "b", text = "A dog runs quickly ." }]);
        JobOutcome outcome = await Run("p.jsonl");
        Assert.Equal(JobVerdict.Done, outcome.Verdict);
        Assert.Empty(outcome.Jobs[0].Warnings);
        JsonElement cell = Assert.Single(Report().GetProperty("cells").EnumerateArray());
        Assert.Equal("all", cell.GetProperty("cell").GetString());
        foreach (string metric in (string[])["bleu", "bleu-lc", "chrf", "exactMatch"])
            Assert.Equal(100, cell.GetProperty("metrics").GetProperty(metric).GetProperty("score").GetDouble(), 1e-9);
        Assert.Contains("case:lc", cell.GetProperty("metrics").GetProperty("bleu-lc").GetProperty("signature").GetString(),
            StringComparison.Ordinal);
        Assert.True(File.Exists(_root.Path("reports/e/report.html")) && File.Exists(_root.Path("reports/e/report.csv"))
            && File.Exists(_root.Path("reports/e/manifest.json")));
    }

    [Fact]
    public async Task Missing_and_extra_ids_are_listed_and_errors_score_as_empty()
    {
        _root.WriteLines("p.jsonl", [new { id = "a", text = "The cat sits on the mat ." }, new { id = "x", text = "?" }]);
        File.AppendAllText(_root.Path("p.jsonl"), "{\"id\":\"b\",\"error\":{\"code\":\"tooLong\",\"message\":\"m\"}}\n");
        JobOutcome outcome = await Run("p.jsonl");
        Assert.Equal(JobVerdict.Done, outcome.Verdict);
        Assert.Equal(
            ["all: 1 reference without a prediction, left out of the scores: c",
                "all: 1 prediction without a reference, left out of the scores: x"],
            outcome.Jobs[0].Warnings);
        Assert.Equal(outcome.Jobs[0].Warnings, Report().GetProperty("notes").EnumerateArray().Select(n => n.GetString()));
        Assert.Equal(50, Report().GetProperty("cells")[0].GetProperty("metrics").GetProperty("exactMatch").GetProperty("score").GetDouble(),
            1e-9);
        Assert.Contains("without a prediction", File.ReadAllText(_root.Path("reports/e/report.html")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_item_that_is_scored_has_a_line_with_its_own_scores()
    {
        _root.WriteLines("p.jsonl", [new { id = "c", text = "Hello there my enemy ." },
            new { id = "a", text = "The cat sits on the mat ." }, new { id = "x", text = "?" }]);
        Assert.Equal(JobVerdict.Done, (await Run("p.jsonl")).Verdict);
        ItemScores[] lines = [.. File.ReadLines(_root.Path("reports/e/scores.jsonl")).Select(l => ItemScores.Parse(l)!)];
        Assert.Equal([("all", "c"), ("all", "a")], lines.Select(l => (l.Cell, l.Id)));
        Assert.All(lines, l => Assert.Equal(["bleu", "bleu-lc", "chrf", "exactMatch"], l.Metrics.Select(m => m.Key)));
        Assert.Equal([0.0, 100.0], lines.Select(l => l.Metrics[3].Value!.Value));
        Assert.Equal(100, lines[1].Metrics[0].Value!.Value, 1e-9);
        Assert.InRange(lines[0].Metrics[2].Value!.Value, 40, 90);
    }

    [Fact]
    public async Task Of_predictions_with_one_id_the_first_is_scored_and_the_others_are_listed()
    {
        _root.WriteLines("p.jsonl",
            [new { id = "a", text = "The cat sits on the mat ." }, new { id = "c", text = "Hello there my friend ." },
                new { id = "a", text = "no" }, new { id = "b", text = "A dog runs quickly ." }, new { id = "a", text = "no" }]);
        JobOutcome outcome = await Run("p.jsonl");
        Assert.Equal(JobVerdict.Done, outcome.Verdict);
        Assert.Equal(["all: 2 predictions with an id that came before, left out: the first of each id is scored: a, a"],
            outcome.Jobs[0].Warnings);
        Assert.Equal(100, Report().GetProperty("cells")[0].GetProperty("metrics").GetProperty("exactMatch").GetProperty("score")
            .GetDouble(), 1e-9);
        Assert.Equal(
            ["""{"cell":"all","problem":"duplicate","id":"a","file":"p.jsonl","line":3}""",
                """{"cell":"all","problem":"duplicate","id":"a","file":"p.jsonl","line":5}"""],
            File.ReadAllLines(_root.Path("reports/e/unmatched.jsonl")));
        Assert.Equal(
            """[{"cell":"all","scored":3,"missing":{"count":0,"ids":[]},"extra":{"count":0,"ids":[]},"duplicate":{"count":2,"ids":["a","a"]}}]""", JsonSerializer.Serialize(Report().GetProperty("joins")));
    }

    [Fact]
    public async Task References_with_one_id_twice_are_bad_input()
    {
        _root.WriteLines("p.jsonl", [new { id = "a", text = "t" }]);
        _root.WriteLines("data/ref.jsonl", [new { id = "a", target = "t" }, new { id = "a", target = "u" }]);
        JobOutcome outcome = await Run("p.jsonl");
        Assert.Equal(JobVerdict.BadInput, outcome.Verdict);
        Assert.Equal(("data/ref.jsonl", 2), (Assert.Single(outcome.Problems).File, outcome.Problems[0].Line));
        Assert.False(Directory.Exists(_root.Path("reports")));
    }

    [Fact]
    public async Task All_ids_that_do_not_pair_up_are_listed_whatever_their_number_and_order()
    {
        _root.WriteLines("data/ref.jsonl", Enumerable.Range(0, 3_000).Select(i => new { id = $"i{i}", target = $"t {i}" }));
        var lines = Enumerable.Range(0, 2_400).Reverse().Select(i => new { id = i % 2 == 0 ? $"i{i}" : $"x{i}", text = $"t {i}" }).ToList();
        _root.WriteLines("results/steps=2/part-00000.jsonl", lines.Take(1_000));
        _root.WriteLines("results/steps=2/part-00001.jsonl", [.. lines.Skip(1_000), lines[0], lines[1]]);
        JobOutcome outcome = await Run("results");
        Assert.Equal(JobVerdict.Done, outcome.Verdict);
        Assert.Equal(3, outcome.Jobs[0].Warnings.Count);
        Assert.EndsWith("i1, i3, i5, i7, i9, i11, i13, i15, i17, i19 and 1790 more", outcome.Jobs[0].Warnings[0], StringComparison.Ordinal);
        JsonElement join = Report().GetProperty("joins")[0];
        Assert.Equal((1_200, 1_800, 1_201),
            (join.GetProperty("scored").GetInt32(), join.GetProperty("missing").GetProperty("count").GetInt32(), join.GetProperty("extra")
                .GetProperty("count").GetInt32()));
        Assert.Equal(1_000, join.GetProperty("missing").GetProperty("ids").GetArrayLength());
        JsonElement[] listed = [.. File.ReadLines(_root.Path("reports/e/unmatched.jsonl")).Select(l => JsonDocument.Parse(l).RootElement)];
        Assert.Equal(
            Enumerable.Range(0, 3_000).Where(i => i % 2 == 1 || i >= 2_400).Select(i => $"i{i}"),
            listed.Where(l => l.GetProperty("problem").GetString() == "missing").Select(l => l.GetProperty("id").GetString()));
        Assert.Equal(1_201, listed.Count(l => l.GetProperty("problem").GetString() == "extra"));
        JsonElement first = listed.First(l => l.GetProperty("problem").GetString() == "extra");
        Assert.Equal(("x2399", "steps=2/part-00000.jsonl", 1),
            (first.GetProperty("id").GetString(), first.GetProperty("file").GetString(), first.GetProperty("line").GetInt32()));
        Assert.Equal(100, Report().GetProperty("cells")[0].GetProperty("metrics").GetProperty("exactMatch").GetProperty("score")
            .GetDouble(), 1e-9);
    }

    [Fact]
    public async Task A_results_folder_gives_a_cell_each_with_its_sampler_and_cost()
    {
        foreach (int steps in (int[])[8, 2])
            _root.WriteLines($"results/steps={steps}/part-00000.jsonl",
                [new { id = "a", text = "The cat .", score = -1, length = 3, nfe = steps },
                    new { id = "b", text = "A dog .", score = -1, length = 4, nfe = 1 }]);
        _root.Write("results/manifest.json", """
            {"fingerprint":"f","state":"completed","startedAt":"2026-01-01T00:00:00Z","cells":[
              {"cell":"steps=8","sampler":{"steps":8},"parts":1,"cost":{"nfe":9,"tokens":7,"seconds":2}}]}
            """);
        Assert.Equal(JobVerdict.Done, (await Run("results")).Verdict);
        JsonElement[] cells = [.. Report().GetProperty("cells").EnumerateArray()];
        Assert.Equal(["steps=8", "steps=2"], cells.Select(c => c.GetProperty("cell").GetString()));
        Assert.Equal(8, cells[0].GetProperty("sampler").GetProperty("steps").GetInt32());
        Assert.Equal((9, 2.0), (cells[0].GetProperty("cost").GetProperty("forwardPasses").GetInt32(), cells[0].GetProperty("cost")
            .GetProperty("seconds").GetDouble()));
        Assert.Equal(JsonValueKind.Null, cells[1].GetProperty("sampler").ValueKind);
        Assert.Equal((3, 7), (cells[1].GetProperty("cost").GetProperty("forwardPasses").GetInt32(), cells[1].GetProperty("cost")
            .GetProperty("tokens").GetInt32()));
        Assert.Equal(JsonValueKind.Null, cells[1].GetProperty("cost").GetProperty("seconds").ValueKind);
        Assert.True(OutputManifest.Read(_root.Path("reports/e"))!.FinishedAt is not null);
    }

    [Fact]
    public async Task Distribution_metrics_take_ids_likelihoods_and_features()
    {
        foreach (int steps in (int[])[2, 8])
        {
            _root.WriteLines($"results/steps={steps}/part-00000.jsonl",
                [new { id = "a", text = "The cat .", ids = (int[])[5, 6, 6, 7] }, new { id = "b", text = "A dog .", ids = (int[])[8, 9] }]);
            _root.WriteLines($"likelihoods/steps={steps}.jsonl",
                [new { id = "a", logLikelihood = -4 * Math.Log(steps), tokens = 4 },
                    new { id = "b", logLikelihood = -2 * Math.Log(steps), tokens = 2 }]);
            _root.WriteLines($"features/steps={steps}.jsonl",
                Enumerable.Range(0, 40).Select(i => new { features = (double[])[i % 5, steps * (i % 3), 1] }));
        }
        _root.WriteLines("data/features.jsonl", Enumerable.Range(0, 40).Select(i => new { features = (double[])[i % 5, 2 * (i % 3), 1] }));
        string manifest = Manifest.Replace("PREDICTIONS", "results", StringComparison.Ordinal).Replace("\"chrf\"", """
            { "name": "distinct1", "tokenize": "ids", "level": "sequence" }, { "name": "distinct2" }, "entropy", { "name": "repetition", "window": 50 },
            { "name": "perplexity", "likelihoods": "likelihoods" }, { "name": "mauve", "features": "features", "referenceFeatures": "data/features.jsonl", "seeds": 3 }
            """, StringComparison.Ordinal);
        Assert.Equal(JobVerdict.Done, (await _root.MustRun(manifest)).Verdict);
        JsonElement[] cells = [.. Report().GetProperty("cells").EnumerateArray().Select(c => c.GetProperty("metrics"))];
        Assert.Equal(0.875, cells[0].GetProperty("distinct1").GetProperty("score").GetDouble(), 1e-12);
        Assert.Equal(Math.Log(3), cells[0].GetProperty("entropy").GetProperty("score").GetDouble(), 1e-12);
        Assert.Equal(0, cells[0].GetProperty("repetition").GetProperty("score").GetDouble());
        Assert.Equal([2, 8], cells.Select(c => Math.Round(c.GetProperty("perplexity").GetProperty("score").GetDouble(), 9)));
        Assert.Equal(1, cells[0].GetProperty("mauve").GetProperty("score").GetDouble(), 1e-9);
        Assert.InRange(cells[1].GetProperty("mauve").GetProperty("score").GetDouble(), 0, 0.9);
        Assert.EndsWith("seeds:25-27", cells[1].GetProperty("mauve").GetProperty("signature").GetString(), StringComparison.Ordinal);
        Assert.True(cells[1].GetProperty("mauve").TryGetProperty("spread", out _));

        // What they read belongs to the job: other features are another job.
        Assert.True((await _root.Run(manifest)).Jobs[0].Unchanged);
        _root.WriteLines("features/steps=8.jsonl",
            Enumerable.Range(0, 40).Select(i => new { features = (double[])[i % 5, 2 * (i % 3), 1] }));
        Assert.Contains("the content of features", Assert.Single((await _root.Run(manifest)).Problems).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cells_are_compared_and_costs_priced()
    {
        _root.WriteLines("data/ref.jsonl",
            Enumerable.Range(0, 60).Select(i => new { id = $"i{i}", source = "s", target = $"the answer {i} is this one ." }));
        foreach (int steps in (int[])[2, 8])
            _root.WriteLines($"results/steps={steps}/part-00000.jsonl", Enumerable.Range(0, 60)
                .Select(i => new { id = $"i{i}", text = i % 8 < steps ? $"the answer {i} is this one ." : "no", length = 3, nfe = steps }));
        _root.Write("results/manifest.json", """
            {"fingerprint":"f","state":"completed","startedAt":"2026-01-01T00:00:00Z","cells":[
              {"cell":"steps=2","sampler":{"preset":"rdm","steps":2,"temperature":0,"length":{"source":"oracle"}},"parts":1,"cost":{"nfe":120,"tokens":180,"seconds":6,"latencyMedian":0.1,"latencyP95":0.2,"flops":6e9,"peakMemory":1000}},
              {"cell":"steps=8","sampler":{"preset":"rdm","steps":8,"temperature":0,"length":{"source":"oracle"}},"parts":1,"cost":{"nfe":480,"tokens":180,"seconds":24}}]}
            """);
        string manifest = Manifest.Replace("PREDICTIONS", "results", StringComparison.Ordinal)
            .Replace("\"cost\"", "{ \"name\": \"cost\", \"pricePerHour\": 3.6, \"currency\": \"EUR\" }", StringComparison.Ordinal)
            .Replace("\"output\"", "\"statistics\": { \"resamples\": 300 }, \"output\"", StringComparison.Ordinal);
        await _root.MustRun(manifest);
        JsonElement report = Report();
        JsonElement[] comparisons = [.. report.GetProperty("comparisons").EnumerateArray()];
        Assert.Equal(["bleu", "bleu-lc", "chrf", "exactMatch"], comparisons.Select(c => c.GetProperty("metric").GetString()));
        Assert.All(comparisons, c => Assert.Equal(("steps=8", "steps=2", 60),
            (c.GetProperty("first").GetString(), c.GetProperty("second").GetString(), c.GetProperty("items").GetInt32())));
        Assert.Equal(73, Math.Round(comparisons[3].GetProperty("difference").GetDouble()));
        Assert.Equal(1.0 / 301, comparisons[3].GetProperty("approximateRandomization").GetProperty("corrected").GetDouble(), 1e-12);
        Assert.Equal(300, report.GetProperty("statistics").GetProperty("resamples").GetInt32());
        JsonElement cost = report.GetProperty("cells")[0].GetProperty("cost");
        Assert.Equal((0.1, 0.2, 1e8, 1000),
            (cost.GetProperty("latencyMedian").GetDouble(), cost.GetProperty("latencyP95").GetDouble(), cost.GetProperty("flopsPerItem")
                .GetDouble(), cost.GetProperty("peakMemory").GetInt32()));
        Assert.Equal(0.1, cost.GetProperty("pricePerThousandItems").GetDouble(), 1e-12); // 0.1 s of an item at 0.001 a second
        Assert.Equal("EUR", cost.GetProperty("currency").GetString());
        Assert.Contains("Comparisons", File.ReadAllText(_root.Path("reports/e/report.html")), StringComparison.Ordinal);

        await _root.MustRun(manifest.Replace("\"resamples\": 300", "\"compare\": \"none\"", StringComparison.Ordinal)
            .Replace("reports/e", "reports/f", StringComparison.Ordinal));
        Assert.False(JsonDocument.Parse(File.ReadAllText(_root.Path("reports/f/report.json"))).RootElement.TryGetProperty("comparisons",
            out _));
    }

    [Fact]
    public async Task Every_metric_of_texts_can_be_asked_for_with_its_options()
    {
        _root.WriteLines("p.jsonl", [new { id = "a", text = "The cat sits on the mat ." }, new { id = "b", text = "A dog runs quickly ." },
            new { id = "c", text = "Hello there my friend ." }]);
        JobOutcome outcome = await _root.Run("""
            { "kind": "evaluate", "name": "e", "predictions": "p.jsonl", "references": "data/ref.jsonl", "output": "reports/e",
              "metrics": ["bleu", { "name": "bleu", "as": "bleu-zh", "tokenize": "zh" }, "chrf", { "name": "chrf++", "charOrder": 5, "beta": 1, "whitespace": true, "epsSmoothing": true },
                { "name": "ter", "normalized": true, "noPunct": true, "asianSupport": true, "caseSensitive": true }, "rouge1", "rouge2", { "name": "rougeL", "stemmer": true }, "rougeLsum",
                "exactMatch", "tokenF1", "lastNumber", "choice", "editDistance", "lengthRatio",
                { "name": "rougeL", "as": "rouge-all", "tokenize": "unicode" }] }
            """);
        Assert.Equal(JobVerdict.Done, outcome.Verdict);
        JsonElement metrics = Report().GetProperty("cells")[0].GetProperty("metrics");
        string[] names = [.. metrics.EnumerateObject().Select(m => m.Name)];
        Assert.Equal(["bleu", "bleu-zh", "chrf", "chrf++", "ter", "rouge1", "rouge2", "rougeL", "rougeLsum", "exactMatch", "tokenF1",
            "lastNumber", "choice", "editDistance", "lengthRatio", "rouge-all"], names);
        foreach (string name in names)
        {
            JsonElement figure = metrics.GetProperty(name);
            double perfect = name switch { "ter" or "editDistance" => 0, "lengthRatio" => 1, _ => 100 };
            Assert.Equal(perfect, figure.GetProperty("score").GetDouble(), 1e-9);
            Assert.Equal(perfect, figure.GetProperty("low").GetDouble(), 1e-9);
            Assert.StartsWith("nrefs:var|", figure.GetProperty("signature").GetString(), StringComparison.Ordinal);
        }
        Assert.Equal("nrefs:var|case:mixed|tok:tercom|norm:yes|punct:no|asian:yes|version:2.6.0",
            metrics.GetProperty("ter").GetProperty("signature").GetString());
        Assert.Equal("nrefs:var|case:mixed|eff:no|nc:5|nw:2|space:yes|version:2.6.0",
            metrics.GetProperty("chrf++").GetProperty("signature").GetString());
    }

    [Fact]
    public async Task Texts_without_words_for_rouge_are_noted_once()
    {
        foreach (int steps in (int[])[1, 2]) _root.WriteLines($"results/steps={steps}/part-00000.jsonl", [new { id = "a", text = "天气" }]);
        _root.WriteLines("data/zh.jsonl", [new { id = "a", target = "天气" }]);
        JobOutcome outcome = await _root.Run("""
            { "kind": "evaluate", "name": "e", "predictions": "results", "references": "data/zh.jsonl", "output": "reports/e",
              "metrics": ["rouge1", { "name": "rougeL", "tokenize": "unicode" }, { "name": "lastNumber", "extract": "lm-eval-flexible" }, { "name": "choice", "extract": "lm-eval-mmlu-pro" }] }
            """);
        Assert.Equal(JobVerdict.Done, outcome.Verdict);
        string note = Assert.Single(Report().GetProperty("notes").EnumerateArray()).GetString()!;
        Assert.StartsWith("rouge1: 1 item with references without a letter of a-z", note, StringComparison.Ordinal);
        JsonElement metrics = Report().GetProperty("cells")[0].GetProperty("metrics");
        Assert.Equal(0, metrics.GetProperty("rouge1").GetProperty("score").GetDouble());
        Assert.Equal(100, metrics.GetProperty("rougeL").GetProperty("score").GetDouble(), 1e-9);
        Assert.Equal("nrefs:1|match:lm-eval-flexible", metrics.GetProperty("lastNumber").GetProperty("signature").GetString());
        Assert.Equal("nrefs:1|match:lm-eval-mmlu-pro", metrics.GetProperty("choice").GetProperty("signature").GetString());
    }

    [Fact]
    public async Task An_item_that_takes_long_is_interrupted()
    {
        var random = new Random(1);
        string Text() => string.Create(2_000_000, random, (span, r) => { foreach (ref char c in span) c = (char)('a' + r.Next(26)); });
        _root.WriteLines("p.jsonl", [new { id = "a", text = Text() }]);
        _root.WriteLines("data/long.jsonl", [new { id = "a", target = Text() }]);
        using var source = new CancellationTokenSource();
        var began = new TaskCompletionSource();
        Task<JobOutcome> run = Task.Run(() => _root.Run("""
            { "kind": "evaluate", "name": "e", "predictions": "p.jsonl", "references": "data/long.jsonl", "output": "reports/e", "metrics": ["editDistance"] }
            """, new Watch(began), source.Token));
        await Task.WhenAny(began.Task, run); // scoring: half a minute
        await Task.Delay(500);
        Assert.False(run.IsCompleted);
        var clock = System.Diagnostics.Stopwatch.StartNew();
        await source.CancelAsync();
        Assert.Equal(JobVerdict.Interrupted, (await run).Verdict);
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 5); // within a second on a free machine
    }

    sealed class Watch(TaskCompletionSource began) : IProgress<JobProgress>
    {
        public void Report(JobProgress value) => began.TrySetResult();
    }

    [Fact]
    public async Task A_metric_may_have_references_of_its_own()
    {
        _root.WriteLines("p.jsonl",
            [new { id = "a", text = "The cat sits on the mat ." }, new { id = "b", text = "A dog runs quickly ." }]);
        _root.WriteLines("data/other.jsonl",
            [new { id = "a", target = (string[])["The cat sits on the mat .", "A cat ."] },
                new { id = "z", target = (string[])["Z", "z"] }]);
        JobOutcome outcome = await _root.Run("""
            { "kind": "evaluate", "name": "e", "predictions": "p.jsonl", "references": "data/ref.jsonl", "output": "reports/e",
              "metrics": ["exactMatch", { "name": "exactMatch", "as": "other", "references": "data/other.jsonl" }, { "name": "bleu", "references": "data/ref.jsonl" }] }
            """);
        Assert.Equal(JobVerdict.Done, outcome.Verdict);
        JsonElement metrics = Report().GetProperty("cells")[0].GetProperty("metrics");
        Assert.Equal("nrefs:var|case:mixed", metrics.GetProperty("exactMatch").GetProperty("signature").GetString());
        Assert.Equal("nrefs:2|case:mixed", metrics.GetProperty("other").GetProperty("signature").GetString());
        Assert.Equal(100, metrics.GetProperty("other").GetProperty("score").GetDouble());
        Assert.Contains("all: 1 item without a reference among those of other, left out of its score", outcome.Jobs[0].Warnings);
        // They are an input like others: another content is another job.
        _root.WriteLines("data/other.jsonl", [new { id = "a", target = "x" }]);
        Assert.Equal(JobVerdict.BadInput, (await _root.Run(File.ReadAllText(_root.Path("job.json")))).Verdict);
    }

    [Fact]
    public async Task Bad_references_of_a_metric_are_bad_input()
    {
        _root.WriteLines("p.jsonl", [new { id = "a", text = "t" }]);
        _root.Write("data/other.jsonl", "{\"id\":\"a\"}\n");
        JobOutcome outcome = await _root.Run("""
            { "kind": "evaluate", "name": "e", "predictions": "p.jsonl", "references": "data/ref.jsonl", "output": "reports/e",
              "metrics": [{ "name": "ter", "references": "data/other.jsonl" }] }
            """);
        Assert.Equal(JobVerdict.BadInput, outcome.Verdict);
        Assert.Equal(("data/other.jsonl", 1), (Assert.Single(outcome.Problems).File, outcome.Problems[0].Line));
    }
}
