using System.Numerics;
using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    internal readonly struct TanOperator : IFloatOperator
    {
        public static T Invoke<T>(T x) where T : unmanaged, IFloatingPointIeee754<T> => T.Tan(x);
    }

    public partial class Tensor
    {
        /// <summary>The tangent of each element.</summary>
        public Tensor tan()
        {
            Tensor result = Elementwise.Unary<TanOperator>(this);
            return Tape.Records(this) ? Tape.Record(result, "TanBackward", [this], [result], (n, g) => [g.mul(n.Saved(0).square().add(1))]) : result;
        }

        public Tensor tan_() => Replace(tan());
    }

    public static Tensor tan(Tensor input) => input.tan();

    public static Tensor tan_(Tensor input) => input.tan_();
}
