using System.Numerics;
using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    internal readonly struct TanhOperator : IFloatOperator
    {
        public static T Invoke<T>(T x) where T : unmanaged, IFloatingPointIeee754<T> => T.Tanh(x);
    }

    public partial class Tensor
    {
        /// <summary>The hyperbolic tangent of each element.</summary>
        public Tensor tanh()
        {
            Tensor result = Elementwise.Unary<TanhOperator>(this);
            return Tape.Records(this) ? Tape.Record(result, "TanhBackward", [this], [result], (n, g) => [g.mul(n.Saved(0).square().neg().add(1))]) : result;
        }

        public Tensor tanh_() => Replace(tanh());
    }

    public static Tensor tanh(Tensor input) => input.tanh();
}
