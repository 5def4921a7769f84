namespace TorchSharp.Core;

/// <summary>The factors of square matrices by elimination with partial pivoting: P A = L U, row-major, both factors in one matrix.</summary>
internal static class Lu
{
    /// <summary>Factors the m by n matrix in place; returns the first zero pivot counted from 1, or 0.</summary>
    public static int Factor(Span<double> a, int m, int n, Span<int> pivots, out int sign, bool pivoting = true)
    {
        sign = 1;
        int singular = 0;
        for (int k = 0; k < Math.Min(m, n); k++)
        {
            int best = k;
            for (int i = k + 1; i < m && pivoting; i++)
                if (Math.Abs(a[i * n + k]) > Math.Abs(a[best * n + k])) best = i;
            pivots[k] = best;
            if (best != k)
            {
                sign = -sign;
                for (int j = 0; j < n; j++) (a[k * n + j], a[best * n + j]) = (a[best * n + j], a[k * n + j]);
            }
            double pivot = a[k * n + k];
            if (pivot == 0)
            {
                if (singular == 0) singular = k + 1;
                continue;
            }
            for (int i = k + 1; i < m; i++)
            {
                double factor = a[i * n + k] /= pivot;
                if (factor == 0) continue;
                for (int j = k + 1; j < n; j++) a[i * n + j] -= factor * a[k * n + j];
            }
        }
        return singular;
    }

    /// <summary>Solves A X = B in place of B (n by columns), given the factors.</summary>
    public static void Solve(ReadOnlySpan<double> lu, int n, ReadOnlySpan<int> pivots, Span<double> b, int columns)
    {
        for (int k = 0; k < n; k++)
        {
            if (pivots[k] == k) continue;
            for (int j = 0; j < columns; j++) (b[k * columns + j], b[pivots[k] * columns + j]) = (b[pivots[k] * columns + j], b[k * columns + j]);
        }
        Triangular(lu, n, b, columns, false, true);
        Triangular(lu, n, b, columns, true, false);
    }

    /// <summary>Solves T X = B in place of B for the upper or lower triangle of a matrix.</summary>
    public static void Triangular(ReadOnlySpan<double> t, int n, Span<double> b, int columns, bool upper, bool unit)
    {
        for (int step = 0; step < n; step++)
        {
            int i = upper ? n - 1 - step : step;
            for (int k = upper ? i + 1 : 0; k < (upper ? n : i); k++)
            {
                double factor = t[i * n + k];
                if (factor == 0) continue;
                for (int j = 0; j < columns; j++) b[i * columns + j] -= factor * b[k * columns + j];
            }
            if (unit) continue;
            for (int j = 0; j < columns; j++) b[i * columns + j] /= t[i * n + i];
        }
    }
}
