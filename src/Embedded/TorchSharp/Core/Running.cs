using System.Numerics;
using System.Runtime.InteropServices;
using TorchSharp.Kernels;
using static TorchSharp.torch;

namespace TorchSharp.Core;

/// <summary>Running sums, products and extremes along a dimension.</summary>
internal static unsafe class Running
{
    /// <summary>y[i] = op(y[i - 1], x[i]) in <paramref name="type"/>; y[i] = op(y[i + 1], x[i]) where <paramref name="backward"/>.</summary>
    public static Tensor Run<TOp>(Tensor source, int dim, ScalarType type, bool backward = false) where TOp : struct, IBinaryOperator
    {
        ScalarType compute = Dtypes.Compute(type);
        if (compute == ScalarType.Bool) throw new ExternalException("\"cumsum_out_cpu\" not implemented for 'Bool'");
        using Tensor x = Elementwise.As(source, compute);
        using Rows rows = Rows.Of(x, dim);
        Tensor y = rows.NewRows(compute, rows.Length);
        switch (compute)
        {
            case ScalarType.Float64: Run<double, TOp>(rows, y, backward); break;
            case ScalarType.Int64: Run<long, TOp>(rows, y, backward); break;
            case ScalarType.Int32: Run<int, TOp>(rows, y, backward); break;
            case ScalarType.Int16: Run<short, TOp>(rows, y, backward); break;
            case ScalarType.Int8: Run<sbyte, TOp>(rows, y, backward); break;
            case ScalarType.Byte: Run<byte, TOp>(rows, y, backward); break;
            default: Run<float, TOp>(rows, y, backward); break;
        }
        Tensor result = rows.Restore(y);
        return compute == type ? result : result.to_type(type, disposeAfter: true);
    }

    static void Run<T, TOp>(Rows rows, Tensor y, bool backward) where T : unmanaged, INumber<T> where TOp : struct, IBinaryOperator
    {
        var kernel = new Kernel<T, TOp>(rows.Dense.Ptr<T>(), y.Ptr<T>(), rows.Length, backward);
        Launch.Over(rows.Count, 4 * rows.Length, ref kernel);
    }

    struct Kernel<T, TOp>(T* x, T* y, long n, bool backward) : IKernel where T : unmanaged, INumber<T> where TOp : struct, IBinaryOperator
    {
        public readonly void Run<TLanes>(long begin, long end) where TLanes : unmanaged, ILanes<TLanes>
        {
            for (long r = begin; r < end && n > 0; r++)
            {
                long step = backward ? -1 : 1;
                T* from = x + r * n + (backward ? n - 1 : 0), to = y + r * n + (backward ? n - 1 : 0);
                T sum = *to = *from;
                for (long i = 1; i < n; i++)
                {
                    from += step;
                    to += step;
                    *to = sum = TOp.Invoke(sum, *from);
                }
            }
        }
    }

    /// <summary>The place of the latest extreme so far; NaN is more extreme than any number.</summary>
    public static Tensor ExtremePlaces(Tensor source, int dim, bool largest)
    {
        using Tensor x = Elementwise.As(source, Dtypes.Compute(source.type));
        using Rows rows = Rows.Of(x, dim);
        Tensor places = rows.NewRows(ScalarType.Int64, rows.Length);
        switch (x.type)
        {
            case ScalarType.Float64: Places<double>(rows, places, largest); break;
            case ScalarType.Int64: Places<long>(rows, places, largest); break;
            case ScalarType.Int32: Places<int>(rows, places, largest); break;
            case ScalarType.Int16: Places<short>(rows, places, largest); break;
            case ScalarType.Int8: Places<sbyte>(rows, places, largest); break;
            case ScalarType.Byte or ScalarType.Bool: Places<byte>(rows, places, largest); break;
            default: Places<float>(rows, places, largest); break;
        }
        return rows.Restore(places);
    }

    static void Places<T>(Rows rows, Tensor places, bool largest) where T : unmanaged, INumber<T>
    {
        T* x = rows.Dense.Ptr<T>();
        long* to = places.Ptr<long>();
        for (long r = 0; r < rows.Count; r++, x += rows.Length, to += rows.Length)
        {
            long best = 0;
            for (long i = 0; i < rows.Length; i++)
            {
                if (T.IsNaN(x[i]) || (!T.IsNaN(x[best]) && (largest ? x[i] >= x[best] : x[i] <= x[best]))) best = i;
                to[i] = best;
            }
        }
    }

    /// <summary>y[i] = ln(e^y[i - 1] + e^x[i]).</summary>
    public static Tensor LogSumExp(Tensor source, int dim)
    {
        ScalarType compute = Dtypes.Compute(source.type);
        using Tensor x = Elementwise.As(source, compute);
        using Rows rows = Rows.Of(x, dim);
        Tensor y = rows.NewRows(compute, rows.Length);
        if (compute == ScalarType.Float64) LogSumExp<double>(rows, y);
        else LogSumExp<float>(rows, y);
        Tensor result = rows.Restore(y);
        return compute == source.type ? result : result.to_type(source.type, disposeAfter: true);
    }

    static void LogSumExp<T>(Rows rows, Tensor y) where T : unmanaged, IFloatingPointIeee754<T>
    {
        T* x = rows.Dense.Ptr<T>(), to = y.Ptr<T>();
        for (long r = 0; r < rows.Count; r++, x += rows.Length, to += rows.Length)
        {
            double sum = double.NegativeInfinity;
            for (long i = 0; i < rows.Length; i++)
            {
                sum = LogaddexpOperator.Invoke(sum, double.CreateTruncating(x[i]));
                to[i] = T.CreateTruncating(sum);
            }
        }
    }

    /// <summary>The gradient of running products: the product before times what the later gradients bring, without dividing.</summary>
    public static Tensor ProductGradient(Tensor source, Tensor gradient, int dim)
    {
        using Tensor x = Elementwise.As(source, ScalarType.Float64), g = Elementwise.As(gradient, ScalarType.Float64);
        using Rows xs = Rows.Of(x, dim), gs = Rows.Of(g, dim);
        Tensor result = xs.NewRows(ScalarType.Float64, xs.Length);
        double* a = xs.Dense.Ptr<double>(), b = gs.Dense.Ptr<double>(), to = result.Ptr<double>();
        for (long r = 0; r < xs.Count; r++, a += xs.Length, b += xs.Length, to += xs.Length)
        {
            double later = 0, before = 1;
            for (long i = xs.Length - 1; i >= 0; i--) to[i] = later = b[i] + (i + 1 < xs.Length ? a[i + 1] * later : 0);
            for (long i = 0; i < xs.Length; i++)
            {
                to[i] *= before;
                before *= a[i];
            }
        }
        return xs.Restore(result).to_type(source.type, disposeAfter: source.type != ScalarType.Float64);
    }
}
