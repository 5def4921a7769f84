using System.Globalization;

namespace DiffusionBatch.Bench;

/// <summary>
/// Training steps and forward passes of XLM-R, ours and plain TorchSharp's on the same weights and batches. Without dropout both
/// must give the same losses for three steps, or the same logits; then the times are taken, training with dropout 0.1. Where ours
/// trains in bfloat16 the peer stays with float32, and there are no forward passes.
/// </summary>
internal static class TrainBench
{
    private const int CheckedSteps = 3;
    private const double Dropout = 0.1;

    private static readonly ModelCase[] s_steps = [new(128, 3, 4, 4000, 32, 32), new(256, 6, 4, 8000, 64, 64),
        new(768, 12, 12, 8000, 8, 64)];

    private static readonly ModelCase[] s_forwards = [new(128, 3, 4, 4000, 32, 32), new(256, 6, 4, 8000, 32, 64),
        new(768, 12, 12, 8000, 8, 64), new(768, 12, 12, 8000, 1, 512)];

    private static readonly Report s_report = new(
        ("case", -35), ("ours ms", 9), ("best", 9), ("peer ms", 9), ("peer best", 9), ("ratio", 6), ("tokens/s", 9), ("peer's", 9),
        ("GFLOP/s", 8));

    internal static int Run(BenchOptions options)
    {
        options.SetUpTorch();
        using var peer = PeerProcess.StartTorch(options);
        bool agree = true;
        foreach (var sizes in s_steps.Where(c => options.Wants($"step {c}")))
            agree &= Step(sizes, peer, options);
        foreach (var sizes in s_forwards.Where(c => options.Precision == OurSteps.Float32 && options.Wants($"forward {c}")))
            agree &= Forward(sizes, peer, options);
        s_report.Save(options, peer.Description);
        return agree ? 0 : 1;
    }

    private static bool Step(ModelCase sizes, PeerProcess peer, BenchOptions options)
    {
        // The first steps of a process meet uncompiled code and fresh memory.
        int warm = sizes.Hidden > 256 ? 3 : 5, runs = options.Runs ?? (sizes.Hidden > 256 ? 7 : 15);
        using var folder = new CaseFolder(sizes, warm + runs);
        folder.SetDropout(0);
        peer.Prepare("step", folder.Settings);
        var (pairs, apart) = (new List<string>(), 0.0);
        new OurSteps(folder, options.Precision).Run(CheckedSteps, (loss, _) =>
        {
            double other = peer.Tell().GetProperty("loss").GetDouble();
            apart = Math.Max(apart, Math.Abs(loss - other) / other);
            pairs.Add(string.Create(CultureInfo.InvariantCulture, $"{loss:F4} / {other:F4}"));
        });
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"step {sizes}: {folder.Masked:F0} of {2 * sizes.Tokens} positions "
            + $"masked; losses without dropout, ours / peer's: {string.Join(", ", pairs)}, {apart:E1} apart"));

        folder.SetDropout(Dropout);
        peer.Prepare("step", folder.Settings);
        var (ours, peers) = (new List<double>(), new List<double>());
        int step = 0;
        new OurSteps(folder, options.Precision).Run(warm + runs, (_, seconds) =>
        {
            Duel.Settle();
            double other = peer.Seconds(1);
            Duel.Settle();
            if (step++ < warm)
                return;
            ours.Add(seconds);
            peers.Add(other);
        });
        Row($"step {sizes}", 2 * sizes.Tokens, 3 * sizes.Operations(2 * sizes.Tokens, folder.Masked), Timing.Of(ours), Timing.Of(peers));
        return Agrees(apart, options.Precision == OurSteps.Float32 ? 1e-4 : 1e-2);
    }

    private static bool Forward(ModelCase sizes, PeerProcess peer, BenchOptions options)
    {
        using var folder = new CaseFolder(sizes, 1);
        using var ours = new OurForward(folder);
        peer.Prepare("forward", folder.Settings);
        double sum = ours.Sum(), other = peer.Tell().GetProperty("sum").GetDouble(), apart = Math.Abs(sum - other) / other;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"forward {sizes}: sum of the logits' magnitudes, ours / peer's: {sum:F1} / {other:F1}, {apart:E1} apart"));
        var (time, peerTime) = Duel.Run(Duel.Loop(ours.Run), peer.Seconds, options.Runs ?? 9);
        Row($"forward {sizes}", sizes.Tokens, sizes.Operations(sizes.Tokens, sizes.Tokens), time, peerTime!.Value);
        return Agrees(apart, 1e-5);
    }

    private static void Row(string name, int tokens, double operations, Timing ours, Timing peer) =>
        s_report.Row(
            name, ours.Median * 1e3, ours.Best * 1e3, peer.Median * 1e3, peer.Best * 1e3, peer.Median / ours.Median,
            tokens / ours.Median, tokens / peer.Median, operations / ours.Median / 1e9);

    private static bool Agrees(double apart, double limit)
    {
        bool agree = apart <= limit;
        if (!agree)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"The sides are more than {limit:E0} apart: they don't compute the same, and the ratio means nothing."));
        return agree;
    }
}
