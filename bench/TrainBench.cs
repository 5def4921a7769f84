using System.Globalization;

namespace DiffusionBatch.Bench;

/// <summary>
/// Training steps and forward passes of XLM-R, ours and PyTorch's on the same weights and batch. Without dropout both
/// must give the same losses for three steps, or the same logits; then the times are taken, training with dropout 0.1.
/// </summary>
internal static class TrainBench
{
    private const int CheckedSteps = 3;

    private static readonly ModelCase[] s_cases =
    [
        new(256, 6, 4, 64, 64, true),
        new(768, 12, 12, 8, 64, true),
        new(256, 6, 4, 32, 64, false),
        new(768, 12, 12, 8, 64, false),
        new(768, 12, 12, 1, 512, false),
    ];

    private static readonly Report s_report = new(
        ("case", -34), ("part", -9), ("ours ms", 9), ("ours best", 9), ("peer ms", 9), ("peer best", 9), ("ratio", 6), ("tokens/s", 9), ("GFLOP/s", 8), ("of peak", 7), ("peer of peak", 12));

    internal static int Run(BenchOptions options)
    {
        torch.set_num_threads(options.Threads);
        using var peer = PythonPeer.Start(options);
        double peak = double.NaN;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"vocabulary {ModelCase.Vocabulary}; a step masks half of the tokens"));
        foreach (var sizes in s_cases.Where(c => options.Wants(c.Name)))
        {
            if (sizes.Trains)
                Step(sizes, peer, options, peak);
            else
                Forward(sizes, peer, options, peak);
        }

        s_report.Save(options, peer?.Description);
        return 0;
    }

    private static void Step(ModelCase sizes, PythonPeer? peer, BenchOptions options, double peak)
    {
        var batch = ModelBatch.Of(sizes);
        using var ours = new OurStep(sizes, batch, 0.1);
        using var file = new CaseFile(sizes, ours.Model, batch);
        CompareLosses(sizes, batch, peer, file);
        peer?.Prepare("step", sizes.Settings(file.Name, 0.1));
        var phases = OurStep.Phases.Select(_ => new List<double>()).ToArray();
        var peerPhases = OurStep.Phases.Select(_ => new List<double>()).ToArray();
        int warm = sizes.Hidden > 256 ? 2 : 4, runs = options.Runs ?? (sizes.Hidden > 256 ? 5 : 9);
        for (int run = -warm; run < runs; run++)
        {
            ours.Run();
            var answer = peer?.Tell().GetProperty("phases");
            if (run < 0)
                continue;
            for (int p = 0; p < phases.Length; p++)
            {
                phases[p].Add(ours.Seconds[p]);
                if (answer is { } seconds)
                    peerPhases[p].Add(seconds[p].GetDouble());
            }
        }

        for (int p = 0; p < phases.Length; p++)
            Row(sizes, OurStep.Phases[p], Timing.Of(phases[p]), peer is null ? null : Timing.Of(peerPhases[p]), null);
        Row(sizes, "all", Whole(phases), peer is null ? null : Whole(peerPhases), peak);

        Timing Whole(List<double>[] parts) => Timing.Of(Enumerable.Range(0, runs).Select(i => parts.Sum(p => p[i])));
    }

    private static void CompareLosses(ModelCase sizes, ModelBatch batch, PythonPeer? peer, CaseFile file)
    {
        if (peer is null)
            return;
        using var ours = new OurStep(sizes, batch, 0);
        peer.Prepare("step", sizes.Settings(file.Name, 0));
        var losses = new List<string>();
        for (int i = 0; i < CheckedSteps; i++)
        {
            ours.Run();
            losses.Add(string.Create(CultureInfo.InvariantCulture, $"{ours.Loss:F5} / {peer.Tell().GetProperty("loss").GetDouble():F5}"));
        }

        Console.WriteLine($"{sizes.Name}: losses without dropout, ours / peer's: {string.Join(", ", losses)}");
    }

    private static void Forward(ModelCase sizes, PythonPeer? peer, BenchOptions options, double peak)
    {
        var batch = ModelBatch.Of(sizes);
        using var ours = new OurForward(sizes, batch);
        using var file = new CaseFile(sizes, ours.Model, batch);
        peer?.Prepare("forward", sizes.Settings(file.Name, 0));
        if (peer is not null)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{sizes.Name}: sum of the logits' magnitudes, ours / peer's: {ours.Sum():F1} / {peer.Tell().GetProperty("sum").GetDouble():F1}"));
        var (time, peerTime) = Duel.Run(Duel.Loop(ours.Run), peer is null ? null : peer.Seconds, options.Runs ?? 9);
        Row(sizes, "all", time, peerTime, peak);
    }

    private static void Row(ModelCase sizes, string part, Timing ours, Timing? peer, double? peak)
    {
        double speed = sizes.Operations / ours.Median / 1e9;
        s_report.Row(
            sizes.Name, part, ours.Median * 1e3, ours.Best * 1e3, peer?.Median * 1e3, peer?.Best * 1e3, peer?.Median / ours.Median,
            peak is null ? null : sizes.Tokens / ours.Median, peak is null ? null : speed, speed / peak, sizes.Operations / peer?.Median / 1e9 / peak);
    }
}
