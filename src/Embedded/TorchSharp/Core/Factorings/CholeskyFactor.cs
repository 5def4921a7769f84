namespace TorchSharp.Core;

/// <summary>The lower triangular L with L L^T = A, of symmetric positive-definite matrices.</summary>
internal static class CholeskyFactor
{
    /// <summary>Replaces the lower triangle by the factor and the upper by 0; returns the order of the first minor that is not positive, or 0.</summary>
    public static int Factor(Span<double> a, int n)
    {
        for (int j = 0; j < n; j++)
        {
            double diagonal = a[j * n + j];
            for (int k = 0; k < j; k++) diagonal -= a[j * n + k] * a[j * n + k];
            if (!(diagonal > 0)) return j + 1;
            diagonal = a[j * n + j] = Math.Sqrt(diagonal);
            for (int i = j + 1; i < n; i++)
            {
                double sum = a[i * n + j];
                for (int k = 0; k < j; k++) sum -= a[i * n + k] * a[j * n + k];
                a[i * n + j] = sum / diagonal;
                a[j * n + i] = 0;
            }
        }
        return 0;
    }
}
