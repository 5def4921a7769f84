using System.Text.Json.Nodes;

namespace DiffusionBatch.Bench;

/// <summary>Each hot operation alone and with its gradient, ours and PyTorch's in turn on the same inputs.</summary>
internal static class OpsBench
{
    private const double Tolerance = 1e-4;
    private const double DropoutTolerance = 1e-2; // Other draws, of the same number to within chance.

    private static readonly Report s_report = new(
        ("operation", -36), ("part", -13), ("ours us", 9), ("ours best", 9), ("peer us", 9), ("peer best", 9), ("ratio", 6), ("of peak", 7), ("peer of peak", 12), ("same", 5));

    internal static int Run(BenchOptions options)
    {
        torch.set_num_threads(options.Threads);
        using var peer = PythonPeer.Start(options);
        double peak = Peak.Measure() * options.Threads * 1e9;
        foreach (var op in (OpCase[])[.. LayerOps.All, .. ElementOps.All, .. UpdateOps.All])
        {
            if (!options.Wants(op.Label))
                continue;
            using var ours = op.Create(op.Sizes);
            peer?.Prepare("op", Settings(op, false));
            Time(op, "forward", ours.Forward, ours.SumOfResult, op.Operations);
            if (!ours.HasGradient)
                continue;
            peer?.Prepare("op", Settings(op, true));
            Time(op, "with gradient", ours.WithGradient, ours.SumOfGradients, 3 * op.Operations);
        }

        s_report.Save(options, peer?.Description);
        return 0;

        void Time(OpCase op, string part, Action action, Func<double> sum, double operations)
        {
            string? same = peer is null ? null : Same(sum(), peer.Tell().GetProperty("sum").GetDouble(), op.Name == "dropout" ? DropoutTolerance : Tolerance);
            var (time, peerTime) = Duel.Run(Duel.Loop(action), peer is null ? null : peer.Seconds, options.Runs ?? 9);
            double? share = operations > 0 ? operations / time.Median / peak : null;
            double? peerShare = operations > 0 ? operations / peerTime?.Median / peak : null;
            s_report.Row(op.Label, part, time.Median * 1e6, time.Best * 1e6, peerTime?.Median * 1e6, peerTime?.Best * 1e6, peerTime?.Median / time.Median, share, peerShare, same);
        }
    }

    private static string Same(double ours, double peers, double tolerance) => Math.Abs(ours - peers) <= tolerance * Math.Abs(peers) ? "yes" : "NO";

    private static JsonObject Settings(OpCase op, bool gradient) => new()
    {
        ["name"] = op.Name,
        ["sizes"] = new JsonArray([.. op.Sizes.Select(s => JsonValue.Create(s))]),
        ["gradient"] = gradient,
    };
}
