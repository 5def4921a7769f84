using System.Numerics;
using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    internal readonly struct AtanhOperator : IFloatOperator
    {
        public static T Invoke<T>(T x) where T : unmanaged, IFloatingPointIeee754<T> => T.Atanh(x);
    }

    public partial class Tensor
    {
        /// <summary>The inverse hyperbolic tangent of each element.</summary>
        public Tensor atanh()
        {
            Tensor result = Elementwise.Unary<AtanhOperator>(this);
            return Tape.Records(this) ? Tape.Record(result, "AtanhBackward", [this], [this], (n, g) => [g.div(n.Saved(0).square().neg().add(1))]) : result;
        }

        public Tensor atanh_() => Replace(atanh());

        public Tensor arctanh() => atanh();

        public Tensor arctanh_() => atanh_();
    }

    public static Tensor atanh(Tensor input) => input.atanh();

    public static Tensor atanh_(Tensor input) => input.atanh_();

    public static Tensor arctanh(Tensor input) => input.arctanh();

    public static Tensor arctanh_(Tensor input) => input.arctanh_();
}
