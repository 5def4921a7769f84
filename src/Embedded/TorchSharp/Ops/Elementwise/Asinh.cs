using System.Numerics;
using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    internal readonly struct AsinhOperator : IFloatOperator
    {
        public static T Invoke<T>(T x) where T : unmanaged, IFloatingPointIeee754<T> => T.Asinh(x);
    }

    public partial class Tensor
    {
        /// <summary>The inverse hyperbolic sine of each element.</summary>
        public Tensor asinh()
        {
            Tensor result = Elementwise.Unary<AsinhOperator>(this);
            return Tape.Records(this) ? Tape.Record(result, "AsinhBackward", [this], [this], (n, g) => [g.mul(n.Saved(0).square().add(1).rsqrt())]) : result;
        }

        public Tensor asinh_() => Replace(asinh());

        public Tensor arcsinh() => asinh();

        public Tensor arcsinh_() => asinh_();
    }

    public static Tensor asinh(Tensor input) => input.asinh();

    public static Tensor asinh_(Tensor input) => input.asinh_();

    public static Tensor arcsinh(Tensor input) => input.arcsinh();

    public static Tensor arcsinh_(Tensor input) => input.arcsinh_();
}
