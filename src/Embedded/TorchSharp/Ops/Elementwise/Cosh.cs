using System.Numerics;
using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    internal readonly struct CoshOperator : IFloatOperator
    {
        public static T Invoke<T>(T x) where T : unmanaged, IFloatingPointIeee754<T> => T.Cosh(x);
    }

    public partial class Tensor
    {
        /// <summary>The hyperbolic cosine of each element.</summary>
        public Tensor cosh()
        {
            Tensor result = Elementwise.Unary<CoshOperator>(this);
            return Tape.Records(this) ? Tape.Record(result, "CoshBackward", [this], [this], (n, g) => [g.mul(n.Saved(0).sinh())]) : result;
        }

        public Tensor cosh_() => Replace(cosh());
    }

    public static Tensor cosh(Tensor input) => input.cosh();

    public static Tensor cosh_(Tensor input) => input.cosh_();
}
