using System.Numerics;

namespace TorchSharp.Core;

/// <summary>Softmax and its relatives over rows, stable: the row's largest element is taken off first.</summary>
internal static unsafe class SoftmaxRows
{
    /// <summary>y = softmax(x), or its logarithm.</summary>
    public static void Forward<T>(T* x, T* y, long rows, long n, bool log) where T : unmanaged, IFloatingPointIeee754<T>
    {
        for (long r = 0; r < rows; r++, x += n, y += n)
        {
            T top = Max(x, n);
            if (T.IsNegativeInfinity(top)) top = T.Zero;
            for (long i = 0; i < n; i++) y[i] = T.Exp(x[i] - top);
            T sum = T.CreateTruncating(RowSums.Sum(y, n));
            if (log)
            {
                T shift = top + T.Log(sum);
                for (long i = 0; i < n; i++) y[i] = x[i] - shift;
            }
            else
                for (long i = 0; i < n; i++) y[i] /= sum;
            if (T.IsNegativeInfinity(Max(x, n)))
                for (long i = 0; i < n; i++) y[i] = T.NaN; // a row without any finite logit has no distribution
        }
    }

    /// <summary>dx from y and dy.</summary>
    public static void Backward<T>(T* y, T* dy, T* dx, long rows, long n, bool log) where T : unmanaged, IFloatingPointIeee754<T>
    {
        for (long r = 0; r < rows; r++, y += n, dy += n, dx += n)
        {
            if (log)
            {
                T sum = T.CreateTruncating(RowSums.Sum(dy, n));
                for (long i = 0; i < n; i++) dx[i] = dy[i] - T.Exp(y[i]) * sum;
                continue;
            }
            for (long i = 0; i < n; i++) dx[i] = y[i] * dy[i];
            T dot = T.CreateTruncating(RowSums.Sum(dx, n));
            for (long i = 0; i < n; i++) dx[i] -= y[i] * dot;
        }
    }

    /// <summary>The logarithm of the sum of exponentials of each row.</summary>
    public static void LogSumExp<T>(T* x, T* y, long rows, long n) where T : unmanaged, IFloatingPointIeee754<T>
    {
        var shifted = new T[n];
        fixed (T* e = shifted)
        {
            for (long r = 0; r < rows; r++, x += n)
            {
                T top = n == 0 ? T.NegativeInfinity : Max(x, n);
                T shift = T.IsFinite(top) ? top : T.Zero;
                for (long i = 0; i < n; i++) e[i] = T.Exp(x[i] - shift);
                y[r] = shift + T.Log(T.CreateTruncating(RowSums.Sum(e, n)));
            }
        }
    }

    static T Max<T>(T* x, long n) where T : unmanaged, IFloatingPointIeee754<T>
    {
        T top = x[0];
        for (long i = 1; i < n; i++)
            if (x[i] > top || T.IsNaN(x[i])) top = x[i];
        return top;
    }
}
