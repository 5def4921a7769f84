namespace DiffusionBatch.Evaluation.Translation;

/// <summary>BLEU from counts (Papineni et al. 2002), with sacreBLEU's smoothing and its treatment of empty orders.</summary>
internal static class BleuFormula
{
    public const int Order = 4;

    /// <summary>The numbers per segment: c, r, four matches, four totals.</summary>
    public const int Width = 2 + 2 * Order;

    /// <summary>What stands for log 0.</summary>
    const double LogOfZero = -9999999999;

    /// <summary>The value that a smoothing has where none is given; null where it has none.</summary>
    public static double? DefaultValue(BleuSmoothing method) => method switch { BleuSmoothing.Floor => 0.1, BleuSmoothing.AddK => 1, _ => null };

    /// <summary>exp(1 - r/c) for c under r.</summary>
    public static double BrevityPenalty(double c, double r) => c >= r ? 1 : c > 0 ? Math.Exp(1 - r / c) : 0;

    /// <summary>The score, 0 to 100.</summary>
    /// <param name="sums">c, r, matches, totals.</param>
    /// <param name="options">Smoothing and effective order.</param>
    /// <param name="precisions">Receives the four precisions, 0 to 100.</param>
    public static double Score(ReadOnlySpan<double> sums, BleuOptions options, Span<double> precisions)
    {
        precisions.Clear();
        var matches = sums.Slice(2, Order);
        var totals = sums.Slice(2 + Order, Order);
        if (!matches.ContainsAnyExcept(0.0)) return 0;
        double value = options.SmoothValue ?? DefaultValue(options.SmoothMethod) ?? 0, divisor = 1;
        int order = Order;
        for (int n = 0; n < Order; n++)
        {
            double added = options.SmoothMethod == BleuSmoothing.AddK && n > 0 ? value : 0;
            double match = matches[n] + added, total = totals[n] + added;
            if (total == 0) break;
            if (options.EffectiveOrder) order = n + 1;
            if (match != 0) precisions[n] = 100 * match / total;
            else if (options.SmoothMethod == BleuSmoothing.Exp) precisions[n] = 100 / ((divisor *= 2) * total);
            else if (options.SmoothMethod == BleuSmoothing.Floor) precisions[n] = 100 * value / total;
        }
        double logs = 0;
        foreach (double precision in precisions[..order]) logs += precision == 0 ? LogOfZero : Math.Log(precision);
        return BrevityPenalty(sums[0], sums[1]) * Math.Exp(logs / order);
    }
}
