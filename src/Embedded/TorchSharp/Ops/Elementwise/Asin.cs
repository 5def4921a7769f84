using System.Numerics;
using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    internal readonly struct AsinOperator : IFloatOperator
    {
        public static T Invoke<T>(T x) where T : unmanaged, IFloatingPointIeee754<T> => T.Asin(x);
    }

    public partial class Tensor
    {
        /// <summary>The inverse sine of each element.</summary>
        public Tensor asin()
        {
            Tensor result = Elementwise.Unary<AsinOperator>(this);
            return Tape.Records(this) ? Tape.Record(result, "AsinBackward", [this], [this], (n, g) => [g.mul(n.Saved(0).square().neg().add(1).rsqrt())]) : result;
        }

        public Tensor asin_() => Replace(asin());

        public Tensor arcsin() => asin();

        public Tensor arcsin_() => asin_();
    }

    public static Tensor asin(Tensor input) => input.asin();

    public static Tensor asin_(Tensor input) => input.asin_();

    public static Tensor arcsin(Tensor input) => input.arcsin();

    public static Tensor arcsin_(Tensor input) => input.arcsin_();
}
