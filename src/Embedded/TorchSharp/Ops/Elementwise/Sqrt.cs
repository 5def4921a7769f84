using System.Numerics;
using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    internal readonly struct SqrtOperator : IFloatOperator
    {
        public static T Invoke<T>(T x) where T : unmanaged, IFloatingPointIeee754<T> => T.Sqrt(x);

        public static unsafe bool Map(float* x, float* y, long n)
        {
            Kernels.Elementwise.Map(default(Kernels.Functions.Sqrt), x, y, n);
            return true;
        }
    }

    public partial class Tensor
    {
        /// <summary>The square root of each element.</summary>
        public Tensor sqrt()
        {
            Tensor result = Elementwise.Unary<SqrtOperator>(this);
            return Tape.Records(this) ? Tape.Record(result, "SqrtBackward", [this], [result], (n, g) => [g.div(n.Saved(0).mul(2))]) : result;
        }

        public Tensor sqrt_() => Replace(sqrt());
    }

    public static Tensor sqrt(Tensor input) => input.sqrt();

    public static Tensor sqrt_(Tensor input) => input.sqrt_();
}
