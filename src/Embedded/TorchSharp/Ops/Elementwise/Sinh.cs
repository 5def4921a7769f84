using System.Numerics;
using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    internal readonly struct SinhOperator : IFloatOperator
    {
        public static T Invoke<T>(T x) where T : unmanaged, IFloatingPointIeee754<T> => T.Sinh(x);
    }

    public partial class Tensor
    {
        /// <summary>The hyperbolic sine of each element.</summary>
        public Tensor sinh()
        {
            Tensor result = Elementwise.Unary<SinhOperator>(this);
            return Tape.Records(this) ? Tape.Record(result, "SinhBackward", [this], [this], (n, g) => [g.mul(n.Saved(0).cosh())]) : result;
        }

        public Tensor sinh_() => Replace(sinh());
    }

    public static Tensor sinh(Tensor input) => input.sinh();

    public static Tensor sinh_(Tensor input) => input.sinh_();
}
