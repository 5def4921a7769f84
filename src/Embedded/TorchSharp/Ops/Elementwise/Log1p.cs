using System.Numerics;
using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    internal readonly struct Log1pOperator : IFloatOperator
    {
        public static T Invoke<T>(T x) where T : unmanaged, IFloatingPointIeee754<T> => T.CreateTruncating(GammaFunctions.LogOnePlus(double.CreateTruncating(x)));
    }

    public partial class Tensor
    {
        /// <summary>The natural logarithm of 1 + each element, exact also near 0.</summary>
        public Tensor log1p()
        {
            Tensor result = Elementwise.Unary<Log1pOperator>(this);
            return Tape.Records(this) ? Tape.Record(result, "Log1pBackward", [this], [this], (n, g) => [g.div(n.Saved(0).add(1))]) : result;
        }

        public Tensor log1p_() => Replace(log1p());
    }

    public static Tensor log1p(Tensor input) => input.log1p();

    public static Tensor log1p_(Tensor input) => input.log1p_();
}
