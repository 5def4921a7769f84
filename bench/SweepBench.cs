using System.Globalization;
using DiffusionBatch.Contracts.Fields;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Checkpoints;
using DiffusionBatch.Diffusion.Sampling;

namespace DiffusionBatch.Bench;

/// <summary>
/// One sweep over seven step counts against the same seven run one after another, each with its own exact skipping: what the
/// step counts of a sweep share. Both must give the same results, to the last bit.
/// </summary>
internal static class SweepBench
{
    private const int DefaultCount = 100;

    private static readonly int[] s_steps = [1, 2, 4, 8, 16, 25, 50];

    // The lengths are given, so that they are the same for any model.
    private static readonly (string Name, Func<int, int> Length)[] s_cases = [("1 to 16 slots", i => 1 + (i % 16)), ("16 slots", _ => 16),
        ("40 slots", _ => 40)];

    private static readonly Report s_report = new(
        ("responses", -14), ("items", 5), ("one sweep s", 11), ("best", 8), ("one by one s", 12), ("best", 8), ("ratio", 6), ("passes", 8),
        ("one by one", 10), ("same ids", 8), ("scores apart", 12));

    internal static int Run(BenchOptions options)
    {
        options.SetUpTorch();
        using var checkpoint = SampleCase.Open(options);
        var items = SampleCase.Read(options.Items, options.Count ?? DefaultCount, checkpoint);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{Machine.Description}; {SampleCase.Describe(checkpoint, items)}; steps {string.Join(", ", s_steps)}"));
        bool equal = true;
        foreach (var (name, length) in s_cases.Where(c => options.Wants(c.Name)))
            equal &= Compare(name, [.. items.Select((item, i) => item with { LengthOverride = length(i) })], checkpoint, options);
        s_report.Save(options, null);
        return equal ? 0 : 1;
    }

    private static bool Compare(string name, SampleItem[] items, Checkpoint checkpoint, BenchOptions options)
    {
        SamplerSettings[] cells = [.. s_steps.Select(steps =>
            new SamplerSettings { Steps = steps, Length = new LengthSettings { Source = "fixed", Value = 1 } })];
        var sampler = SweepSampler.For(checkpoint, new SweepOptions { Seed = 1 });
        SampleResult[] shared = [], single = [];
        long passes = 0, singlePasses = 0;
        var (sweep, oneByOne) = Duel.Run(Duel.Loop(Sweep), Duel.Loop(OneByOne), options.Runs ?? 3);
        var pairs = shared.Zip(single).ToArray();
        double same = pairs.Count(pair => pair.First.Ids.AsSpan().SequenceEqual(pair.Second.Ids)) / (double)pairs.Length;
        double apart = pairs.Max(pair => Math.Abs(pair.First.Score - pair.Second.Score));
        s_report.Row(name, items.Length, sweep.Median, sweep.Best, oneByOne!.Value.Median, oneByOne.Value.Best,
            sweep.Median / oneByOne.Value.Median, passes, singlePasses, same, apart.ToString("E1", CultureInfo.InvariantCulture));
        return same == 1 && apart == 0;

        void Sweep()
        {
            shared = [.. sampler.Run(items, cells).OrderBy(r => r.CellIndex).ThenBy(r => r.ItemIndex)];
            passes = sampler.Summary!.PassesComputed;
        }

        void OneByOne()
        {
            singlePasses = 0;
            single = [.. cells.SelectMany(cell =>
            {
                SampleResult[] results = [.. sampler.Run(items, [cell]).OrderBy(r => r.ItemIndex)];
                singlePasses += sampler.Summary!.PassesComputed;
                return results;
            })];
        }
    }
}
