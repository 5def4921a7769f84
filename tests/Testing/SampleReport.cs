using System.Globalization;
using System.Text.Json.Nodes;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Evaluation.Cost;
using DiffusionBatch.Evaluation.Metrics;
using DiffusionBatch.Evaluation.Reporting;
using DiffusionBatch.Evaluation.Statistics;

namespace DiffusionBatch.Testing;

/// <summary>A made-up sweep of translations whose errors get fewer with the steps, with traces, drawn from a seed.</summary>
public static class SampleReport
{
    static readonly string[] s_who = ["A man", "Two women", "The young girl", "A brown dog", "Three children", "An old couple",
        "The cyclist", "A street musician"];
    static readonly string[] s_does = ["is walking", "is running", "stands", "sits", "is playing", "is waiting", "jumps", "is looking"];
    static readonly string[] s_where = ["along the beach", "in front of a red house", "on a wooden bench", "across the busy street",
        "near the old bridge", "in the snow", "at the market", "beside a small lake"];
    static readonly string[] s_end = ["with a blue umbrella", "in the early morning", "while the sun sets", "and smiles at the camera",
        "under tall trees", "holding a cup of coffee"];

    /// <summary>The report.</summary>
    /// <param name="items">How many items.</param>
    /// <param name="series">Settings besides steps: a line of the charts each.</param>
    /// <param name="steps">Step counts: a cell each in every series.</param>
    public static EvaluationReport Create(int items, string[] series, int[] steps)
    {
        var random = new Random(7);
        var settings = series.SelectMany(s => steps.Select(n => (Series: s, Steps: n))).ToList();
        var shown = Enumerable.Range(0, items).Select(i => Item(random, i, settings)).ToList();
        var cells = settings.Select(s => Cell(s.Series, s.Steps, steps.Max(), items)).ToList();
        return new EvaluationReport("de-en-sweep", cells, shown, items)
        {
            Statistics = new ComparisonOptions(1, 1_000, ComparedCells.Best),
            Comparisons = [.. cells.SkipLast(1).Select(c => Compare(cells[^1], c, items))],
            Traces = Traces(random, shown, settings),
            Notes = [$"{cells[0].Cell}: 1 reference without a prediction, left out of the scores: test-00003"],
            Joins = [new CellJoin(cells[0].Cell, items - 1, new IdList(1, ["test-00003"]), new IdList(0, []), new IdList(0, []))],
        };
    }

    /// <summary>5 cells.</summary>
    public static EvaluationReport Create(int items) => Create(items, [""], [1, 2, 4, 8, 16]);

    static ReportCell Cell(string series, int steps, int most, int items)
    {
        double bonus = series.Contains("=5", StringComparison.Ordinal)
            ? 1.8
            : 0, bleu = 33 + bonus - 22.0 / steps, seconds = 0.004 * Math.Pow(steps, 0.9) * (bonus > 0 ? 2.4 : 1);
        var sampler = new JsonObject
        {
            ["preset"] = "rdm",
            ["steps"] = steps,
            ["reMask"] = "uncond",
            ["temperature"] = 0,
            ["length"] = new JsonObject { ["source"] = "predicted" }
        };
        string name = string.Create(CultureInfo.InvariantCulture, $"steps={steps}") + (series.Length > 0 ? "," + series : "");
        return new ReportCell(name, sampler,
            [
                new("bleu", new MetricScore(bleu, "nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp|version:2.6.0", bleu - 0.9, bleu + 0.9)),
                new("chrf", new MetricScore(bleu * 0.8 + 28, "nrefs:1|case:mixed|eff:yes|nc:6|nw:0|space:no|version:2.6.0",
                    bleu * 0.8 + 27.4, bleu * 0.8 + 28.6)),
                new("ter", new MetricScore(100 - 1.7 * bleu, "nrefs:1|case:lc|tok:tercom", 98.6 - 1.7 * bleu,
                    101.4 - 1.7 * bleu) { Better = MetricDirection.Lower }),
            ],
            new CellCost(items, (long)items * Math.Min(steps, 11), 12L * items, seconds * items)
            {
                LatencyMedian = 0.9 * seconds,
                LatencyP95 = 1.8 * seconds,
                Flops = 1e9 * items * steps,
                PeakMemory = 1_000_000_000,
                PricePerHour = 1.2,
                Currency = "EUR"
            });
    }

    static CellComparison Compare(ReportCell best, ReportCell cell, int items)
    {
        double difference = best.Score("bleu")!.Score - cell.Score("bleu")!.Score, p = difference > 1 ? 0.001 : 0.21;
        return new CellComparison("bleu", best.Cell, cell.Cell, items, difference, difference - 0.8, difference + 0.8, new PairedTest(p, p),
            new PairedTest(p, p));
    }

    static ReportItem Item(Random random, int index, List<(string Series, int Steps)> settings)
    {
        string Pick(string[] from) => from[random.Next(from.Length)];
        string reference = $"{Pick(s_who)} {Pick(s_does)} {Pick(s_where)} {Pick(s_end)} .";
        string source = $"Ein Satz {index}: „{string.Join(' ', reference.Split(' ').Reverse())}“";
        var hypotheses = settings.Select(s => Garble(random, reference, 0.6 / s.Steps)).Select(t => new ReportHypothesis(t)).ToList();
        if (index % 97 == 13) hypotheses[0] = new ReportHypothesis(null, "tooLong");
        if (index == 3) hypotheses[0] = new ReportHypothesis(null);
        return new ReportItem(string.Create(CultureInfo.InvariantCulture, $"test-{index:D5}"), source, [reference], hypotheses);
    }

    /// <summary>A text with some of its words replaced by others or left out.</summary>
    static string Garble(Random random, string text, double rate) => string.Join(' ', text.Split(' ')
        .Select(word => random.NextDouble() >= rate ? word : random.Next(4) == 0 ? "" : s_where[random.Next(s_where.Length)].Split(' ')[^1])
        .Where(word => word.Length > 0));

    /// <summary>Traces of the first items: a few slots are written each step, and some of them masked again.</summary>
    static ReportTraces Traces(Random random, List<ReportItem> items, List<(string Series, int Steps)> settings)
    {
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        var traces = new List<ReportTrace>();
        foreach (var item in items.Take(12))
        {
            string[] words = item.References[0].Split(' ');
            for (int cell = 0; cell < settings.Count; cell++)
                traces.Add(new ReportTrace(item.Id, cell, 0, Denoise(random, [.. words.Select(Id)], settings[cell].Steps)));
        }
        return new ReportTraces(traces, ids.ToDictionary(i => i.Value, i => " " + i.Key),
            "This page plays the first 12 items that were traced; results/de-en-sweep/*/trace-*.jsonl has all of them. Colours are the "
                + "probability that the model gave a token when it was written.");

        int Id(string word) => ids.TryGetValue(word, out int id) ? id : ids[word] = 100 + ids.Count;
    }

    static List<ReportTraceStep> Denoise(Random random, int[] words, int steps)
    {
        var found = new List<ReportTraceStep>();
        bool[] written = new bool[words.Length];
        for (int step = 1; step <= steps; step++)
        {
            int keep = words.Length * step / steps;
            var write = new List<(int, int, float)>();
            for (int i = 0; i < words.Length; i++)
            {
                bool late = random.NextDouble() * steps > step;
                if (!written[i] && written.Count(w => w) < keep || written[i] && random.Next(9) == 0)
                {
                    write.Add((i, late ? words[random.Next(words.Length)] : words[i],
                        MathF.Log(0.15f + 0.84f * (late ? 0.4f * random.NextSingle() : 0.5f + 0.5f * random.NextSingle()))));
                    written[i] = true;
                }
            }
            var mask = new List<int>();
            if (step < steps && step > 1)
            {
                int at = random.Next(words.Length);
                if (written[at] && write.All(w => w.Item1 != at)) { mask.Add(at); written[at] = false; }
            }
            if (write.Count + mask.Count > 0) found.Add(new ReportTraceStep(step, write, mask));
        }
        return found;
    }
}
