using System.Numerics;
using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    internal readonly struct ErfOperator : IFloatOperator
    {
        public static T Invoke<T>(T x) where T : unmanaged, IFloatingPointIeee754<T> => T.CreateTruncating(ErrorFunction.Erf(double.CreateTruncating(x)));

        public static unsafe bool Map(float* x, float* y, long n)
        {
            Kernels.Elementwise.Map(default(Kernels.Functions.Erf), x, y, n);
            return true;
        }
    }

    public partial class Tensor
    {
        /// <summary>The error function of each element.</summary>
        public Tensor erf()
        {
            Tensor result = Elementwise.Unary<ErfOperator>(this);
            return Tape.Records(this)
                ? Tape.Record(result, "ErfBackward", [this], [this], (n, g) => [g.mul(n.Saved(0).square().neg().exp()).mul(1.1283791670955126)])
                : result;
        }

        public Tensor erf_() => Replace(erf());
    }

    public static Tensor erf(Tensor input) => input.erf();

    public static Tensor erf_(Tensor input) => input.erf_();
}
