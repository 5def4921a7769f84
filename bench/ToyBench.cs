using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace DiffusionBatch.Bench;

/// <summary>
/// Every process on a law that is known exactly, a Markov chain over 8 tokens: each is trained from nothing by a manifest, its bound on
/// held-out sequences is set beside the exact likelihood, and the pairs of neighbours in its samples beside their exact frequencies.
/// </summary>
internal static class ToyBench
{
    private const int DefaultSteps = 8000, Samples = 4000, BoundDraws = 64, BoundSequences = 1000;
    private const int Specials = 3; // <s>, <pad> and </s> have the first ids, the mask the last

    private static readonly Report s_bounds =
        new(("process", -15), ("steps", 6), ("seconds", 8), ("bound", 8), ("+-", 7), ("exact", 8), ("above", 8));

    private static readonly Report s_samples = new(("process", -15), ("preset", -13), ("steps", 6), ("passes", 7), ("apart", 8),
        ("worst z", 8), ("z > 3", 6), ("no token", 8));

    internal static int Run(BenchOptions options)
    {
        var law = ToyLaw.Read(options.Root
            ?? throw new ArgumentException("toy needs --root, the folder of law.json, train.jsonl and test.jsonl"));
        using var work = new TemporaryFolder();
        Write(work.Name, law);
        foreach (ToySystem system in ToySystem.All.Where(s => options.Wants(s.Name)))
        {
            int steps = options.Count ?? DefaultSteps;
            string manifest = Path.Combine(work.Name, $"{system.Name}.json");
            File.WriteAllText(manifest, system.Manifest(steps, law.Length, law.Vocabulary + Specials + 1, BoundDraws).ToJsonString());
            var watch = Stopwatch.StartNew();
            DbatchProcess.RunAsync(work.Name, "run", manifest).GetAwaiter().GetResult();
            if (system.HasBound) Bound(system, steps, watch.Elapsed.TotalSeconds, work.Name, law);
            for (int i = 0; i < system.Samplers.Length; i++) Compare(system, Path.Combine(work.Name, "results", $"{system.Name}-{i}"), law);
        }
        s_samples.Save(options, null);
        return 0;
    }

    private static void Write(string folder, ToyLaw law)
    {
        static string Line(string id, IEnumerable<int> ids) =>
            $$"""{"id":"{{id}}","promptIds":[0],"targetIds":[{{string.Join(',', ids.Select(t => t + Specials))}}]}""";
        File.WriteAllLines(Path.Combine(folder, "train.jsonl"), law.Train.Select((ids, i) => Line($"train-{i}", ids)));
        File.WriteAllLines(Path.Combine(folder, "test.jsonl"), law.Test.Take(BoundSequences).Select((ids, i) => Line($"test-{i}", ids)));
        File.WriteAllLines(Path.Combine(folder, "texts.jsonl"),
            Enumerable.Range(0, BoundSequences).Select(i => $$"""{"id":"test-{{i}}","text":""}"""));
        File.WriteAllLines(Path.Combine(folder, "empty.jsonl"),
            Enumerable.Range(0, Samples).Select(i => $$"""{"id":"s{{i}}","promptIds":[0]}"""));
    }

    private static void Bound(ToySystem system, int steps, double seconds, string folder, ToyLaw law)
    {
        double[] bound = [.. File.ReadLines(Path.Combine(folder, "reports", system.Name, "scores.jsonl"))
            .Select(line => JsonNode.Parse(line)!["metrics"]!["likelihood"]!.GetValue<double>() * system.Tokens(law.Length) / law.Length)];
        double[] exact = [.. law.Test.Take(bound.Length).Select(ids => -law.LogLikelihood(ids) / law.Length)];
        double[] apart = [.. bound.Zip(exact, (a, b) => a - b)]; // the law's own spread has no part in it
        double mean = apart.Average(), error = Math.Sqrt(apart.Average(a => (a - mean) * (a - mean)) / apart.Length);
        s_bounds.Row(system.Name, steps, seconds, bound.Average(), error, exact.Average(), mean / exact.Average());
    }

    private static void Compare(ToySystem system, string results, ToyLaw law)
    {
        var cells = JsonNode.Parse(File.ReadAllText(Path.Combine(results, "manifest.json")))!["cells"]!.AsArray();
        foreach (JsonNode? cell in cells.OrderBy(c => c!["sampler"]!["steps"]!.GetValue<int>()))
        {
            string name = cell!["cell"]!.GetValue<string>();
            JsonNode[] lines = [.. Directory.EnumerateFiles(Path.Combine(results, name), "part-*.jsonl").SelectMany(File.ReadLines)
                .Select(line => JsonNode.Parse(line)!)];
            int[][] samples = [.. lines.Select(line => line["ids"].Deserialize<int[]>()!.Select(id => id - Specials).ToArray())];
            int[][] whole = [.. samples.Where(s => s.Length == law.Length && s.All(t => t >= 0 && t < law.Vocabulary))];
            var (apart, worst, beyond) = law.Compare(whole);
            s_samples.Row(system.Name, cell["sampler"]!["preset"]!.GetValue<string>(), cell["sampler"]!["steps"]!.GetValue<int>(),
                lines.Average(line => line["nfe"]!.GetValue<int>()), apart, worst, (long)beyond, (long)(samples.Length - whole.Length));
        }
    }
}
