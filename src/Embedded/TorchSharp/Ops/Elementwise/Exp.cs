using System.Numerics;
using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    internal readonly struct ExpOperator : IFloatOperator
    {
        public static T Invoke<T>(T x) where T : unmanaged, IFloatingPointIeee754<T> => T.Exp(x);

        public static unsafe bool Map(float* x, float* y, long n)
        {
            Kernels.Elementwise.Map(default(Kernels.Functions.Exp), x, y, n);
            return true;
        }
    }

    public partial class Tensor
    {
        /// <summary>e to the power of each element.</summary>
        public Tensor exp()
        {
            Tensor result = Elementwise.Unary<ExpOperator>(this);
            return Tape.Records(this) ? Tape.Record(result, "ExpBackward", [this], [result], (n, g) => [g.mul(n.Saved(0))]) : result;
        }

        public Tensor exp_() => Replace(exp());
    }

    public static Tensor exp(Tensor input) => input.exp();

    public static Tensor exp_(Tensor input) => input.exp_();
}
