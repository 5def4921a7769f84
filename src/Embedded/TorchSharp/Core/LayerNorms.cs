using System.Numerics;

namespace TorchSharp.Core;

/// <summary>Layer normalisation of rows (Ba, Kiros, Hinton 2016): y = (x - mean) / sqrt(variance + eps) * gamma + beta.</summary>
internal static unsafe class LayerNorms
{
    /// <summary>Writes y, and of each row the mean and 1 / sqrt(variance + eps).</summary>
    public static void Forward<T>(T* x, T* gamma, T* beta, T* y, T* means, T* scales, long rows, long n, double eps) where T : unmanaged, IFloatingPointIeee754<T>
    {
        for (long r = 0; r < rows; r++, x += n, y += n)
        {
            T mean = T.CreateTruncating(RowSums.Sum(x, n) / n);
            for (long i = 0; i < n; i++)
            {
                T centred = x[i] - mean;
                y[i] = centred * centred;
            }
            T scale = T.CreateTruncating(1 / Math.Sqrt(RowSums.Sum(y, n) / n + eps));
            for (long i = 0; i < n; i++)
            {
                T normal = (x[i] - mean) * scale;
                if (gamma != null) normal *= gamma[i];
                y[i] = beta != null ? normal + beta[i] : normal;
            }
            means[r] = mean;
            scales[r] = scale;
        }
    }

    /// <summary>Gradients: dx where wanted; dgamma and dbeta are added to, row by row in ascending order.</summary>
    public static void Backward<T>(T* x, T* gamma, T* dy, T* means, T* scales, T* dx, T* dgamma, T* dbeta, long rows, long n) where T : unmanaged, IFloatingPointIeee754<T>
    {
        var scratch = new T[2 * n];
        fixed (T* g = scratch)
        {
            T* gx = g + n;
            for (long r = 0; r < rows; r++, x += n, dy += n)
            {
                T mean = means[r], scale = scales[r];
                for (long i = 0; i < n; i++)
                {
                    T normal = (x[i] - mean) * scale;
                    g[i] = gamma != null ? dy[i] * gamma[i] : dy[i];
                    gx[i] = g[i] * normal;
                    if (dgamma != null) dgamma[i] += dy[i] * normal;
                    if (dbeta != null) dbeta[i] += dy[i];
                }
                if (dx == null) continue;
                T a = T.CreateTruncating(RowSums.Sum(g, n) / n), b = T.CreateTruncating(RowSums.Sum(gx, n) / n);
                for (long i = 0; i < n; i++) dx[i] = (g[i] - a - (x[i] - mean) * scale * b) * scale;
                dx += n;
            }
        }
    }
}
