using System.Numerics;
using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    internal readonly struct DigammaOperator : IFloatOperator
    {
        public static T Invoke<T>(T x) where T : unmanaged, IFloatingPointIeee754<T> => T.CreateTruncating(GammaFunctions.Digamma(double.CreateTruncating(x)));
    }

    public partial class Tensor
    {
        /// <summary>The derivative of the logarithm of the gamma function.</summary>
        public Tensor digamma()
        {
            Tensor result = Elementwise.Unary<DigammaOperator>(this);
            return Tape.Records(this) ? Tape.Record(result, "DigammaBackward", [this], [this], (n, g) => [g.mul(n.Saved(0).polygamma(1))]) : result;
        }

        public Tensor digamma_() => Replace(digamma());
    }

    public static Tensor digamma(Tensor input) => input.digamma();

    public static Tensor digamma_(Tensor input) => input.digamma_();
}
