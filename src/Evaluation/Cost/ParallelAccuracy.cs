namespace DiffusionBatch.Evaluation.Cost;

/// <summary>
/// Accuracy under parallelism, AUP (Qian et al. 2026, arXiv 2601.07568): the area under a score as a function of the tokens that a forward
/// pass writes. Points more than 5 below that of the least parallelism are left out; of the others y_i at x_i tokens a pass, in their
/// order,
/// <code>x_1 y_1 + sum over i of 1/2 (x_i - x_(i-1)) (y_i W(y_i) + y_(i-1) W(y_(i-1))),   W(y) = min(1, exp(-3 (1 - y / best)))</code>
/// so that speed that costs accuracy counts for little. It depends on no machine.
/// </summary>
public static class ParallelAccuracy
{
    const double Tolerated = 5, Penalty = 3;

    /// <summary>The area, of scores from 0 to 100.</summary>
    /// <param name="points">Tokens a pass, above 0, and the score there; in any order.</param>
    /// <param name="best">The best score of all systems that are compared, by which each is weighed.</param>
    /// <returns>Not a number where there is no point.</returns>
    public static double Area(IEnumerable<(double TokensPerPass, double Score)> points, double best)
    {
        ArgumentNullException.ThrowIfNull(points);
        (double X, double Y)[] sorted = [.. points.OrderBy(p => p.TokensPerPass).ThenByDescending(p => p.Score)];
        if (sorted.Length == 0) return double.NaN;
        (double X, double Y)[] kept = [.. sorted.Where(p => p.Y >= sorted[0].Y - Tolerated)];
        double area = kept[0].X * kept[0].Y;
        for (int i = 1; i < kept.Length; i++) area += (kept[i].X - kept[i - 1].X) * (Weighed(kept[i].Y) + Weighed(kept[i - 1].Y)) / 2;
        return area;

        double Weighed(double y) => best > 0 ? y * Math.Min(1, Math.Exp(-Penalty * (1 - (y / best)))) : 0;
    }
}
