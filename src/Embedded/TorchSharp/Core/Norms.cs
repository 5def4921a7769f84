using static TorchSharp.torch;

namespace TorchSharp.Core;

/// <summary>Norms of whole tensors.</summary>
internal static unsafe class Norms
{
    /// <summary>The sum of squares, in float64.</summary>
    public static double Squared(Tensor x)
    {
        using Tensor dense = x.Dense();
        if (x.type is not (ScalarType.Float32 or ScalarType.Float64))
        {
            using Tensor wide = Elementwise.As(dense, ScalarType.Float64);
            return Sum(wide.Ptr<double>(), wide.Count);
        }
        return x.type == ScalarType.Float64 ? Sum(dense.Ptr<double>(), dense.Count) : Kernels.Norms.SquaredNorm(dense.Ptr<float>(), dense.Count);
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
