using System.Numerics;
using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    internal readonly struct RsqrtOperator : IFloatOperator
    {
        public static T Invoke<T>(T x) where T : unmanaged, IFloatingPointIeee754<T> => T.One / T.Sqrt(x);

        public static unsafe bool Map(float* x, float* y, long n)
        {
            Kernels.Elementwise.Map(default(Kernels.Functions.Rsqrt), x, y, n);
            return true;
        }
    }

    public partial class Tensor
    {
        /// <summary>1 over the square root of each element.</summary>
        public Tensor rsqrt()
        {
            Tensor result = Elementwise.Unary<RsqrtOperator>(this);
            return Tape.Records(this) ? Tape.Record(result, "RsqrtBackward", [this], [result], (n, g) => [g.mul(n.Saved(0).pow(3)).mul(-0.5)]) : result;
        }

        public Tensor rsqrt_() => Replace(rsqrt());
    }

    public static Tensor rsqrt(Tensor input) => input.rsqrt();

    public static Tensor rsqrt_(Tensor input) => input.rsqrt_();
}
