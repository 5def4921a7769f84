using System.Numerics;
using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    internal readonly struct CosOperator : IFloatOperator
    {
        public static T Invoke<T>(T x) where T : unmanaged, IFloatingPointIeee754<T> => T.Cos(x);
    }

    public partial class Tensor
    {
        /// <summary>The cosine of each element.</summary>
        public Tensor cos()
        {
            Tensor result = Elementwise.Unary<CosOperator>(this);
            return Tape.Records(this) ? Tape.Record(result, "CosBackward", [this], [this], (n, g) => [g.mul(n.Saved(0).sin()).neg()]) : result;
        }

        public Tensor cos_() => Replace(cos());
    }

    public static Tensor cos(Tensor input) => input.cos();

    public static Tensor cos_(Tensor input) => input.cos_();
}
