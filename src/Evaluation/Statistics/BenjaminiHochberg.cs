namespace DiffusionBatch.Evaluation.Statistics;

/// <summary>
/// The procedure of Benjamini and Hochberg (1995): p-values corrected so that, of the comparisons called different at a
/// level, at most that share is expected to be so by chance.
/// </summary>
public static class BenjaminiHochberg
{
    /// <summary>The corrected p-values, in the order of the given ones: the least p(j) m / j over ranks j from a value's own on.</summary>
    public static double[] Correct(IReadOnlyList<double> p)
    {
        ArgumentNullException.ThrowIfNull(p);
        int[] order = [.. Enumerable.Range(0, p.Count).OrderBy(i => p[i])];
        var corrected = new double[p.Count];
        double least = 1;
        for (int rank = p.Count; rank >= 1; rank--)
        {
            int i = order[rank - 1];
            least = Math.Min(least, p[i] * ((double)p.Count / rank));
            corrected[i] = least;
        }
        return corrected;
    }
}
