namespace TorchSharp.Core;

/// <summary>A = Q R by Householder's reflections, row-major.</summary>
internal static class Householder
{
    /// <summary>Turns the m by n matrix into R and sets the m by m matrix q to Q.</summary>
    public static void Factor(Span<double> a, int m, int n, Span<double> q)
    {
        q.Clear();
        for (int i = 0; i < m; i++) q[i * m + i] = 1;
        var v = new double[m];
        for (int k = 0; k < Math.Min(m - 1, n); k++)
        {
            double norm = 0;
            for (int i = k; i < m; i++) norm = double.Hypot(norm, a[i * n + k]);
            double below = 0;
            for (int i = k + 1; i < m; i++) below = Math.Max(below, Math.Abs(a[i * n + k]));
            if (below == 0) continue; // nothing to remove
            double alpha = a[k * n + k] > 0 ? -norm : norm, square = 0;
            for (int i = k; i < m; i++)
            {
                v[i] = a[i * n + k] - (i == k ? alpha : 0);
                square += v[i] * v[i];
            }
            Reflect(a, m, n, v, k, square);
            for (int i = k + 1; i < m; i++) a[i * n + k] = 0;
            // Q is the product of the reflections: each is applied to its columns from the right.
            for (int r = 0; r < m; r++)
            {
                double dot = 0;
                for (int i = k; i < m; i++) dot += q[r * m + i] * v[i];
                dot *= 2 / square;
                for (int i = k; i < m; i++) q[r * m + i] -= dot * v[i];
            }
        }
    }

    static void Reflect(Span<double> a, int m, int n, double[] v, int k, double square)
    {
        for (int j = k; j < n; j++)
        {
            double dot = 0;
            for (int i = k; i < m; i++) dot += v[i] * a[i * n + j];
            dot *= 2 / square;
            for (int i = k; i < m; i++) a[i * n + j] -= dot * v[i];
        }
    }
}
