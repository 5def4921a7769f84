using System.Numerics;
using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    internal readonly struct AcoshOperator : IFloatOperator
    {
        public static T Invoke<T>(T x) where T : unmanaged, IFloatingPointIeee754<T> => T.Acosh(x);
    }

    public partial class Tensor
    {
        /// <summary>The inverse hyperbolic cosine of each element.</summary>
        public Tensor acosh()
        {
            Tensor result = Elementwise.Unary<AcoshOperator>(this);
            return Tape.Records(this) ? Tape.Record(result, "AcoshBackward", [this], [this], (n, g) => [g.mul(n.Saved(0).square().sub(1).rsqrt())]) : result;
        }

        public Tensor acosh_() => Replace(acosh());

        public Tensor arccosh() => acosh();

        public Tensor arccosh_() => acosh_();
    }

    public static Tensor acosh(Tensor input) => input.acosh();

    public static Tensor acosh_(Tensor input) => input.acosh_();

    public static Tensor arccosh(Tensor input) => input.arccosh();

    public static Tensor arccosh_(Tensor input) => input.arccosh_();
}
