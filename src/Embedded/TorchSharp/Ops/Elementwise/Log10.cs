using System.Numerics;
using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    internal readonly struct Log10Operator : IFloatOperator
    {
        public static T Invoke<T>(T x) where T : unmanaged, IFloatingPointIeee754<T> => T.Log10(x);
    }

    public partial class Tensor
    {
        /// <summary>The logarithm to base 10 of each element.</summary>
        public Tensor log10()
        {
            Tensor result = Elementwise.Unary<Log10Operator>(this);
            return Tape.Records(this) ? Tape.Record(result, "Log10Backward", [this], [this], (n, g) => [g.div(n.Saved(0).mul(2.3025850929940457))]) : result;
        }

        public Tensor log10_() => Replace(log10());
    }

    public static Tensor log10(Tensor input) => input.log10();

    public static Tensor log10_(Tensor input) => input.log10_();
}
