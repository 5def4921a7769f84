using System.Diagnostics;
using System.Globalization;
using DiffusionBatch.Contracts.Fields;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Runtime;
using DiffusionBatch.Diffusion.Sampling;

namespace DiffusionBatch.Bench;

/// <summary>
/// What matters on a machine with a GPU: training in float32 and bfloat16, sampling and sweeps of XLM-R base's and
/// large's shape with random weights, and whether an item's result depends on its batch. Runs on a CPU as well.
/// </summary>
internal static class GpuBench
{
    private const int WarmSteps = 2, Steps = 8, Items = 64, SampleSteps = 10, BatchTokens = 4096, FewTokens = 512;
    private const string Fixed = "fixed";

    private static readonly int[] s_sweep = [1, 2, 4, 8, 16, 25];

    private static readonly Report s_report = new(
        ("case", -40), ("parameters M", 12), ("median ms", 10), ("tokens/s", 9), ("passes", 7), ("of one by one", 13), ("same bytes", 10),
        ("peak MB", 8));

    internal static int Run(BenchOptions options)
    {
        options.SetUpTorch();
        var device = new torch.Device(options.Device);
        if (device.type == DeviceType.CUDA && !torch.cuda.is_available())
            throw new ArgumentException(
                "--device is cuda, and libtorch finds no CUDA device: bench/publish-gpu.sh publishes the bench with the CUDA backend");
        string described = $"{device}; kernels {KernelCheck.Run(device).Describe(device)}; {TorchRuntime.Version}";
        Console.WriteLine($"{Machine.Description}; {described}");
        bool same = true;
        foreach (var shape in RandomPairs.Known.Where(s => options.Shape is null ? s.Name != "tiny" : s.Name == options.Shape))
        {
            foreach (string precision in (string[])[OurSteps.Float32, OurSteps.BFloat16])
                foreach (bool recomputes in (bool[])[false, true])
                    Train(shape, precision, recomputes, device, options);
            same &= Sample(shape, device, options);
        }

        s_report.Save(options, described);
        return same ? 0 : 1;
    }

    private static void Train(RandomPairs shape, string precision, bool recomputes, torch.Device device, BenchOptions options)
    {
        string name = $"train {shape.Name} {precision}{(recomputes ? " recomputed" : "")}";
        if (!options.Wants(name))
            return;
        Begin();
        using var folder = new TemporaryFolder();
        int steps = options.Runs ?? Steps, tokens = options.Tokens ?? BatchTokens;
        var times = new List<double>();
        var training = new TrainingSettings
        {
            Steps = WarmSteps + steps + 1,
            BatchTokens = tokens,
            RecomputeActivations = recomputes,
            Precision = Enum.Parse<Precision>(precision, ignoreCase: true),
        };
        // Batches of one shape, near enough: each holds pairs of like length.
        LooseRun.Take(shape.Finetune(folder.Name, Math.Max(Items, tokens / 16), training, device), WarmSteps + steps, (step, _, seconds) =>
        {
            if (step > WarmSteps)
                times.Add(seconds);
        });
        var timing = Timing.Of(times);
        Row(name, shape, timing.Median, 2 * tokens / timing.Median, null, null, null);
    }

    private static bool Sample(RandomPairs shape, torch.Device device, BenchOptions options)
    {
        string[] names = [$"sample {shape.Name} {OurSteps.Float32}", $"sweep {shape.Name} {OurSteps.Float32}"];
        if (!names.Any(options.Wants))
            return true;
        Begin();
        using var model = shape.Model(device);
        var items = shape.Items(options.Count ?? Items).ToArray();
        int tokens = items.Sum(item => item.LengthOverride!.Value);
        bool same = true;
        if (options.Wants(names[0]))
        {
            Take(options.Tokens ?? BatchTokens, items, [SampleSteps], out _,
                out _); // the first passes meet uncompiled code and fresh memory
            var whole = Take(options.Tokens ?? BatchTokens, items, [SampleSteps], out double seconds, out long passes);
            same = Equal(whole, Take(FewTokens, [.. items.Reverse()], [SampleSteps], out _, out _));
            Row(names[0], shape, seconds, tokens / seconds, passes, null, same);
        }

        if (options.Wants(names[1]))
        {
            double apart = 0;
            var single = new List<SampleResult>();
            foreach (int steps in s_sweep)
            {
                single.AddRange(Take(options.Tokens ?? BatchTokens, items, [steps], out double one, out _)
                    .Select(r => r with { CellIndex = Array.IndexOf(s_sweep, steps) }));
                apart += one;
            }

            var swept = Take(options.Tokens ?? BatchTokens, items, s_sweep, out double seconds, out long passes);
            bool equal = Equal(swept, single);
            Row(names[1], shape, seconds, s_sweep.Length * tokens / seconds, passes, seconds / apart, equal);
            same &= equal;
        }

        return same;

        List<SampleResult> Take(int batchTokens, SampleItem[] of, int[] steps, out double seconds, out long passes)
        {
            var sampler = new SweepSampler(model, null, shape.Specials, new SweepOptions { Seed = 1, BatchTokens = batchTokens });
            long started = Stopwatch.GetTimestamp();
            var results = sampler.Run(of,
                [.. steps.Select(s => new SamplerSettings { Steps = s, Length = new LengthSettings { Source = Fixed, Value = 1 } })])
                    .ToList();
            seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
            passes = sampler.Summary!.PassesComputed;
            return results;
        }
    }

    private static bool Equal(IEnumerable<SampleResult> one, IEnumerable<SampleResult> other)
    {
        static (string, int)[] Keys(IEnumerable<SampleResult> results) => [.. results.Select(r => (r.Id, r.CellIndex)).Order()];
        var byKey = other.ToDictionary(r => (r.Id, r.CellIndex));
        return Keys(one).SequenceEqual(Keys(byKey.Values))
            && one.All(r => byKey[(r.Id, r.CellIndex)] is var twin && twin.Ids.AsSpan().SequenceEqual(r.Ids) && twin.Score.Equals(r.Score));
    }

    private static void Begin()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        if (ProcessMemory.IsKnown)
            ProcessMemory.Reset(Environment.ProcessId);
    }

    private static void Row(string name, RandomPairs shape, double seconds, double rate, long? passes, double? ratio, bool? same) =>
        s_report.Row(
            name, shape.Parameters / 1e6, seconds * 1e3, rate, passes, ratio, same is null ? null : same.Value ? "yes" : "NO",
            ProcessMemory.IsKnown ? ProcessMemory.PeakMegabytes(Environment.ProcessId) : null);
}
