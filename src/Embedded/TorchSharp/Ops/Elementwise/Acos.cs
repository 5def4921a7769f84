using System.Numerics;
using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    internal readonly struct AcosOperator : IFloatOperator
    {
        public static T Invoke<T>(T x) where T : unmanaged, IFloatingPointIeee754<T> => T.Acos(x);
    }

    public partial class Tensor
    {
        /// <summary>The inverse cosine of each element.</summary>
        public Tensor acos()
        {
            Tensor result = Elementwise.Unary<AcosOperator>(this);
            return Tape.Records(this) ? Tape.Record(result, "AcosBackward", [this], [this], (n, g) => [g.mul(n.Saved(0).square().neg().add(1).rsqrt()).neg()]) : result;
        }

        public Tensor acos_() => Replace(acos());

        public Tensor arccos() => acos();

        public Tensor arccos_() => acos_();
    }

    public static Tensor acos(Tensor input) => input.acos();

    public static Tensor acos_(Tensor input) => input.acos_();

    public static Tensor arccos(Tensor input) => input.arccos();

    public static Tensor arccos_(Tensor input) => input.arccos_();
}
