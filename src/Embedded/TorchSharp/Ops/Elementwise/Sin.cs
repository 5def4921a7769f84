using System.Numerics;
using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    internal readonly struct SinOperator : IFloatOperator
    {
        public static T Invoke<T>(T x) where T : unmanaged, IFloatingPointIeee754<T> => T.Sin(x);
    }

    public partial class Tensor
    {
        /// <summary>The sine of each element.</summary>
        public Tensor sin()
        {
            Tensor result = Elementwise.Unary<SinOperator>(this);
            return Tape.Records(this) ? Tape.Record(result, "SinBackward", [this], [this], (n, g) => [g.mul(n.Saved(0).cos())]) : result;
        }

        public Tensor sin_() => Replace(sin());
    }

    public static Tensor sin(Tensor input) => input.sin();

    public static Tensor sin_(Tensor input) => input.sin_();
}
