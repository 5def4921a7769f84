using System.Text.Json;
using DiffusionBatch.Diffusion.Checkpoints;
using DiffusionBatch.Diffusion.Sampling;

namespace DiffusionBatch.Bench;

/// <summary>
/// Items a second of the sampler against the published generator of Ye et al. 2023 on the same libtorch, on one checkpoint: there,
/// each of the S steps passes every slot of every candidate through the network and the whole vocabulary. The tokens are
/// compared item by item; they may differ where two scores nearly tie.
/// </summary>
internal static class SampleBench
{
    private const int DefaultCount = 64;

    private static readonly SampleCase[] s_cases = [new(50, 5), new(50, 1), new(10, 5)];

    private static readonly Report s_report = new(
        ("cell", -24), ("items", 5), ("slots", 6), ("ours items/s", 12), ("best", 8), ("peer items/s", 12), ("peer best", 9), ("ratio", 6),
        ("our passes", 10), ("peer's passes", 13), ("identical", 9));

    internal static int Run(BenchOptions options)
    {
        options.SetUpTorch();
        using var checkpoint = SampleCase.Open(options);
        if (checkpoint.LengthPredictor is null)
            throw new ArgumentException($"--model: '{options.Model}' has no length predictor");
        var items = SampleCase.Read(options.Items, options.Count ?? DefaultCount, checkpoint);
        using var peer = PeerProcess.StartTorch(options);
        Console.WriteLine(SampleCase.Describe(checkpoint, items));
        foreach (var test in s_cases.Where(c => options.Wants(c.Name)))
            Compare(test, checkpoint, items, peer, options);
        s_report.Save(options, peer.Description);
        return 0;
    }

    private static void Compare(SampleCase test, Checkpoint checkpoint, SampleItem[] items, PeerProcess peer, BenchOptions options)
    {
        var sampler = SweepSampler.For(checkpoint, new SweepOptions { Seed = 1 });
        SampleResult[] results = [];
        peer.Prepare("sample", test.Settings(checkpoint, items));
        Sample();
        double identical = Identical(results, peer.Tell().GetProperty("ids"));
        var (ours, peers) = Duel.Run(Duel.Loop(Sample), peer.Seconds, options.Runs ?? 3);
        double count = items.Length;
        s_report.Row(
            test.Name, items.Length, results.Average(r => r.Length), count / ours.Median, count / ours.Best, count / peers?.Median,
            count / peers?.Best, peers?.Median / ours.Median,
            sampler.Summary!.PassesComputed, (long)items.Length * test.Beam * test.Steps, identical);

        void Sample() => results = [.. sampler.Run(items, [test.Cell]).OrderBy(r => r.ItemIndex)];
    }

    // The share of the items whose tokens are the same.
    private static double Identical(SampleResult[] ours, JsonElement peers)
    {
        var rows = peers.EnumerateArray().Select(row => row.EnumerateArray().Select(id => id.GetInt32()).ToArray());
        return ours.Zip(rows).Count(pair => pair.First.Ids.AsSpan().SequenceEqual(pair.Second)) / (double)ours.Length;
    }
}
