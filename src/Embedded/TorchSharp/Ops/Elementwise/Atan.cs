using System.Numerics;
using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    internal readonly struct AtanOperator : IFloatOperator
    {
        public static T Invoke<T>(T x) where T : unmanaged, IFloatingPointIeee754<T> => T.Atan(x);
    }

    public partial class Tensor
    {
        /// <summary>The inverse tangent of each element.</summary>
        public Tensor atan()
        {
            Tensor result = Elementwise.Unary<AtanOperator>(this);
            return Tape.Records(this) ? Tape.Record(result, "AtanBackward", [this], [this], (n, g) => [g.div(n.Saved(0).square().add(1))]) : result;
        }

        public Tensor atan_() => Replace(atan());
    }

    public static Tensor atan(Tensor input) => input.atan();

    public static Tensor atan_(Tensor input) => input.atan_();
}
