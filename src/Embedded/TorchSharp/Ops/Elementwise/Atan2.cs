using System.Numerics;
using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>The angle of the point (b, a).</summary>
    internal readonly struct Atan2Operator : IFloatPairOperator
    {
        public static T Invoke<T>(T a, T b) where T : unmanaged, IFloatingPointIeee754<T> => T.Atan2(a, b);
    }

    public partial class Tensor
    {
        /// <summary>The angle, in (-pi, pi], of the point with this tensor's elements up and <paramref name="other"/>'s across.</summary>
        public Tensor atan2(Tensor other)
        {
            Tensor result = Elementwise.FloatPair<Atan2Operator>(this, other);
            if (!Tape.Records(this, other)) return result;
            long[] a = sizes, b = other.sizes;
            return Tape.Record(result, "Atan2Backward", [this, other], [this, other], (n, g) =>
            {
                Tensor scaled = g.div(n.Saved(0).square().add(n.Saved(1).square()));
                return [n.Needs(0) ? Tape.SumTo(scaled.mul(n.Saved(1)), a) : null, n.Needs(1) ? Tape.SumTo(scaled.mul(n.Saved(0)).neg(), b) : null];
            });
        }

        public Tensor atan2_(Tensor other) => Replace(atan2(other));

        public Tensor arctan2(Tensor other) => atan2(other);

        public Tensor arctan2_(Tensor other) => atan2_(other);
    }

    public static Tensor atan2(Tensor input, Tensor other) => input.atan2(other);

    public static Tensor atan2_(Tensor input, Tensor other) => input.atan2_(other);

    public static Tensor arctan2(Tensor input, Tensor other) => input.arctan2(other);

    public static Tensor arctan2_(Tensor input, Tensor other) => input.arctan2_(other);
}
