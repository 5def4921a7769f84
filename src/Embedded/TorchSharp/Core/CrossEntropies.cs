using System.Numerics;
using static TorchSharp.torch;

namespace TorchSharp.Core;

/// <summary>Cross entropy of rows of logits with target classes, label smoothing included.</summary>
internal static unsafe class CrossEntropies
{
    /// <summary>losses[r] = (1 - s) (lse - x_y) + s (lse - mean x), 0 for ignored rows; lse is kept for the gradient.</summary>
    public static void Forward<T>(T* x, long* targets, T* losses, T* lse, long rows, long n, long ignore, double smoothing) where T : unmanaged, IFloatingPointIeee754<T>
    {
        SoftmaxRows.LogSumExp(x, lse, rows, n);
        for (long r = 0; r < rows; r++, x += n)
        {
            long y = targets[r];
            if (y == ignore)
            {
                losses[r] = T.Zero;
                continue;
            }
            double z = double.CreateTruncating(lse[r]);
            double loss = (1 - smoothing) * (z - double.CreateTruncating(x[y]));
            if (smoothing > 0) loss += smoothing * (z - RowSums.Sum(x, n) / n);
            losses[r] = T.CreateTruncating(loss);
        }
    }

    /// <summary>dx = g_r (softmax(x) - (1 - s) onehot(y) - s / n), 0 for ignored rows.</summary>
    public static void Backward<T>(T* x, long* targets, T* g, T* lse, T* dx, long rows, long n, long ignore, double smoothing) where T : unmanaged, IFloatingPointIeee754<T>
    {
        T even = T.CreateTruncating(smoothing / n), own = T.CreateTruncating(1 - smoothing);
        for (long r = 0; r < rows; r++, x += n, dx += n)
        {
            long y = targets[r];
            if (y == ignore)
            {
                for (long i = 0; i < n; i++) dx[i] = T.Zero;
                continue;
            }
            for (long i = 0; i < n; i++) dx[i] = g[r] * (T.Exp(x[i] - lse[r]) - even);
            dx[y] -= g[r] * own;
        }
    }
}
