using System.Numerics;
using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    internal readonly struct TanhOperator : IFloatOperator
    {
        public static T Invoke<T>(T x) where T : unmanaged, IFloatingPointIeee754<T> => T.Tanh(x);

        public static unsafe bool Map(float* x, float* y, long n)
        {
            Kernels.Elementwise.Map(default(Kernels.Functions.Tanh), x, y, n);
            return true;
        }
    }

    public partial class Tensor
    {
        /// <summary>The hyperbolic tangent of each element.</summary>
        public Tensor tanh()
        {
            Tensor result = Elementwise.Unary<TanhOperator>(this);
            return Tape.Records(this) ? Tape.Record(result, "TanhBackward", [this], [result], (n, g) => [Slopes.Zip(default(Kernels.Functions.TanhGrad), n.Saved(0), g) ?? g.mul(n.Saved(0).square().neg().add(1))]) : result;
        }

        public Tensor tanh_() => Replace(tanh());
    }

    public static Tensor tanh(Tensor input) => input.tanh();

    public static Tensor tanh_(Tensor input) => input.tanh_();
}
