namespace DiffusionBatch.Evaluation.Mauve;

/// <summary>
/// MAUVE of two histograms (Pillutla et al. 2021): the area under the divergence curve, whose points are
/// (exp(-c KL(q | r)), exp(-c KL(p | r))) for mixtures r = w p + (1 - w) q, with the ends (1, 0) and (0, 1).
/// </summary>
public static class DivergenceFrontier
{
    /// <summary>The points of the curve: weights evenly spaced from 1e-6 to 1 - 1e-6.</summary>
    public const int Points = 25;

    /// <summary>The scaling c of the published scores.</summary>
    public const double DefaultScaling = 5;

    const double FirstWeight = 1e-6;

    /// <summary>The area, 0 to 1.</summary>
    /// <param name="p">(k) probabilities, summing to 1.</param>
    /// <param name="q">(k) probabilities, summing to 1.</param>
    /// <param name="scaling">c, above 0.</param>
    public static double Area(ReadOnlySpan<double> p, ReadOnlySpan<double> q, double scaling = DefaultScaling)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(q.Length, p.Length);
        var curve = new (double X, double Y)[Points + 2];
        curve[0] = (1, 0);
        curve[^1] = (0, 1);
        for (int i = 0; i < Points; i++)
        {
            double w = FirstWeight + i * (1 - 2 * FirstWeight) / (Points - 1);
            var (toQ, toP) = Divergences(p, q, w);
            curve[i + 1] = (Math.Exp(-scaling * toQ), Math.Exp(-scaling * toP));
        }
        // Trapezia along either axis; of points above one another the highest comes first, for the curve falls.
        Array.Sort(curve, (a, b) => a.X != b.X ? a.X.CompareTo(b.X) : b.Y.CompareTo(a.Y));
        double area = 0;
        for (int i = 1; i < curve.Length; i++) area += (curve[i].X - curve[i - 1].X) * (curve[i].Y + curve[i - 1].Y) / 2;
        Array.Sort(curve, (a, b) => a.Y != b.Y ? a.Y.CompareTo(b.Y) : b.X.CompareTo(a.X));
        for (int i = 1; i < curve.Length; i++) area += (curve[i].Y - curve[i - 1].Y) * (curve[i].X + curve[i - 1].X) / 2;
        return Math.Clamp(area / 2, 0, 1);
    }

    /// <summary>KL(q | r) and KL(p | r) of r = w p + (1 - w) q, in nats.</summary>
    static (double Q, double P) Divergences(ReadOnlySpan<double> p, ReadOnlySpan<double> q, double w)
    {
        double ofQ = 0, ofP = 0;
        for (int i = 0; i < p.Length; i++)
        {
            double r = w * p[i] + (1 - w) * q[i];
            if (q[i] > 0) ofQ += q[i] * Math.Log(q[i] / r);
            if (p[i] > 0) ofP += p[i] * Math.Log(p[i] / r);
        }
        return (ofQ, ofP);
    }
}
