using System.Numerics;
using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>a ln b, 0 where a is 0, NaN where b is.</summary>
    internal readonly struct XlogyOperator : IFloatPairOperator
    {
        public static T Invoke<T>(T a, T b) where T : unmanaged, IFloatingPointIeee754<T> => T.IsNaN(b) ? b : a == T.Zero ? T.Zero : a * T.Log(b);
    }

    public partial class Tensor
    {
        /// <summary>x ln y; 0 where x is 0, unless y is NaN.</summary>
        public Tensor xlogy(Tensor y)
        {
            Tensor result = Elementwise.FloatPair<XlogyOperator>(this, y);
            if (!Tape.Records(this, y)) return result;
            long[] a = sizes, b = y.sizes;
            return Tape.Record(result, "XlogyBackward", [this, y], [this, y], (n, g) =>
            [
                n.Needs(0) ? Tape.SumTo(g.mul(n.Saved(1).log().masked_fill(n.Saved(0).eq(0).logical_and(n.Saved(1).le(0)), 0.0)), a) : null,
                n.Needs(1) ? Tape.SumTo(g.mul(n.Saved(0)).div(n.Saved(1)), b) : null,
            ]);
        }

        public Tensor xlogy(Scalar y)
        {
            using Tensor number = Numbers.Of(y, Dtypes.Result(this, y));
            return xlogy(number);
        }

        public Tensor xlogy_(Tensor y) => Replace(xlogy(y));

        public Tensor xlogy_(Scalar y) => Replace(xlogy(y));
    }

    public static Tensor xlogy(Tensor x, Scalar y) => x.xlogy(y);

    public static Tensor xlogy(Tensor x, Tensor y) => x.xlogy(y);

    public static Tensor xlogy_(Tensor x, Scalar y) => x.xlogy_(y);

    public static Tensor xlogy_(Tensor x, Tensor y) => x.xlogy_(y);
}
