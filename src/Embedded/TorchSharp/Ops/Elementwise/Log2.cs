using System.Numerics;
using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    internal readonly struct Log2Operator : IFloatOperator
    {
        public static T Invoke<T>(T x) where T : unmanaged, IFloatingPointIeee754<T> => T.Log2(x);
    }

    public partial class Tensor
    {
        /// <summary>The logarithm to base 2 of each element.</summary>
        public Tensor log2()
        {
            Tensor result = Elementwise.Unary<Log2Operator>(this);
            return Tape.Records(this) ? Tape.Record(result, "Log2Backward", [this], [this], (n, g) => [g.div(n.Saved(0).mul(0.69314718055994531))]) : result;
        }

        public Tensor log2_() => Replace(log2());
    }

    public static Tensor log2(Tensor input) => input.log2();

    public static Tensor log2_(Tensor input) => input.log2_();
}
