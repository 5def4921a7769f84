using System.Numerics;
using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>The length of the hypotenuse, without overflow.</summary>
    internal readonly struct HypotOperator : IFloatPairOperator
    {
        public static T Invoke<T>(T a, T b) where T : unmanaged, IFloatingPointIeee754<T> => T.Hypot(a, b);
    }

    public partial class Tensor
    {
        /// <summary>The square root of the sum of squares, without overflow on the way.</summary>
        public Tensor hypot(Tensor other)
        {
            Tensor result = Elementwise.FloatPair<HypotOperator>(this, other, "hypot_cpu");
            if (!Tape.Records(this, other)) return result;
            long[] a = sizes, b = other.sizes;
            return Tape.Record(result, "HypotBackward", [this, other], [this, other, result], (n, g) =>
            [
                n.Needs(0) ? Tape.SumTo(g.mul(n.Saved(0)).div(n.Saved(2)), a) : null,
                n.Needs(1) ? Tape.SumTo(g.mul(n.Saved(1)).div(n.Saved(2)), b) : null,
            ]);
        }
    }

    public static Tensor hypot(Tensor left, Tensor right) => left.hypot(right);
}
