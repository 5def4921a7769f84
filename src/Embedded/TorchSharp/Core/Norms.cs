using static TorchSharp.torch;

namespace TorchSharp.Core;

/// <summary>Norms of whole tensors.</summary>
internal static unsafe class Norms
{
    /// <summary>The sum of squares, in float64.</summary>
    public static double Squared(Tensor x)
    {
        if (x.type == ScalarType.Float32)
        {
            using DenseRead read = new(x);
            return Kernels.Norms.SquaredNorm(read.Ptr<float>(), x.Count);
        }
        using Tensor dense = x.Dense();
        if (x.type != ScalarType.Float64)
        {
            using Tensor wide = Elementwise.As(dense, ScalarType.Float64);
            return Sum(wide.Ptr<double>(), wide.Count);
        }
        return Sum(dense.Ptr<double>(), dense.Count);
    }

    /// <summary>x = factor x, in place.</summary>
    public static void Scale(Tensor x, double factor)
    {
        if (x.type == ScalarType.Float32 && x.is_contiguous())
        {
            x.buffer!.Touch();
            Kernels.Elementwise.Scale(x.Ptr<float>(), (float)factor, x.Ptr<float>(), x.Count);
        }
        else x.mul_(factor);
    }

    static double Sum<T>(T* x, long n) where T : unmanaged, System.Numerics.INumber<T>
    {
        double a = 0, b = 0, c = 0, d = 0;
        long i = 0;
        for (; i + 4 <= n; i += 4)
        {
            double p = double.CreateTruncating(x[i]), q = double.CreateTruncating(x[i + 1]), r = double.CreateTruncating(x[i + 2]), s = double.CreateTruncating(x[i + 3]);
            a += p * p;
            b += q * q;
            c += r * r;
            d += s * s;
        }
        for (; i < n; i++)
        {
            double p = double.CreateTruncating(x[i]);
            a += p * p;
        }
        return (a + b) + (c + d);
    }
}
