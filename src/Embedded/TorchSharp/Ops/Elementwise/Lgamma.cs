using System.Numerics;
using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    internal readonly struct LgammaOperator : IFloatOperator
    {
        public static T Invoke<T>(T x) where T : unmanaged, IFloatingPointIeee754<T> => T.CreateTruncating(GammaFunctions.Log(double.CreateTruncating(x)));
    }

    public partial class Tensor
    {
        /// <summary>The logarithm of the absolute value of the gamma function.</summary>
        public Tensor lgamma()
        {
            Tensor result = Elementwise.Unary<LgammaOperator>(this);
            return Tape.Records(this) ? Tape.Record(result, "LgammaBackward", [this], [this], (n, g) => [g.mul(n.Saved(0).digamma())]) : result;
        }

        public Tensor lgamma_() => Replace(lgamma());
    }

    public static Tensor lgamma(Tensor input) => input.lgamma();

    public static Tensor lgamma_(Tensor input) => input.lgamma_();
}
