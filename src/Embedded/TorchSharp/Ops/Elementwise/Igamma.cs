using System.Numerics;
using System.Runtime.InteropServices;
using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>The lower regularised incomplete gamma function.</summary>
    internal readonly struct IgammaOperator : IFloatPairOperator
    {
        public static T Invoke<T>(T a, T b) where T : unmanaged, IFloatingPointIeee754<T> => T.CreateTruncating(GammaIntegrals.Lower(double.CreateTruncating(a), double.CreateTruncating(b)));
    }

    /// <summary>The upper regularised incomplete gamma function.</summary>
    internal readonly struct IgammacOperator : IFloatPairOperator
    {
        public static T Invoke<T>(T a, T b) where T : unmanaged, IFloatingPointIeee754<T> => T.CreateTruncating(GammaIntegrals.Upper(double.CreateTruncating(a), double.CreateTruncating(b)));
    }

    public partial class Tensor
    {
        /// <summary>The integral of t^(a-1) e^-t from 0 to <paramref name="other"/>, over gamma(a) for each element a. Only <paramref name="other"/> has a gradient.</summary>
        public Tensor igamma(Tensor other) => Incomplete(other, Elementwise.FloatPair<IgammaOperator>(this, other, "igamma_cpu"), 1);

        /// <summary>1 less <see cref="igamma"/>, without cancellation.</summary>
        public Tensor igammac(Tensor other) => Incomplete(other, Elementwise.FloatPair<IgammacOperator>(this, other, "igammac_cpu"), -1);

        Tensor Incomplete(Tensor other, Tensor result, double sign)
        {
            if (!Tape.Records(this, other)) return result;
            if (requiresGrad) throw new ExternalException("the derivative for 'igamma: input' is not implemented.");
            long[] b = other.sizes;
            return Tape.Record(result, "IgammaBackward", [other], [other, this], (n, g) =>
            {
                Tensor x = n.Saved(0), a = n.Saved(1);
                return [Tape.SumTo(g.mul(x.log().mul(a.sub(1)).sub(x).sub(a.lgamma()).exp()).mul(sign), b)];
            });
        }
    }

    public static Tensor igamma(Tensor input, Tensor other) => input.igamma(other);

    public static Tensor igammac(Tensor input, Tensor other) => input.igammac(other);
}
