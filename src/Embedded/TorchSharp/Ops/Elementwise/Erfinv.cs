using System.Numerics;
using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    internal readonly struct ErfinvOperator : IFloatOperator
    {
        public static T Invoke<T>(T x) where T : unmanaged, IFloatingPointIeee754<T> => T.CreateTruncating(ErfComplement.Inverse(double.CreateTruncating(x)));
    }

    public partial class Tensor
    {
        /// <summary>The inverse of erf, infinite at -1 and 1 and NaN beyond.</summary>
        public Tensor erfinv()
        {
            Tensor result = Elementwise.Unary<ErfinvOperator>(this);
            return Tape.Records(this) ? Tape.Record(result, "ErfinvBackward", [this], [result], (n, g) => [g.mul(n.Saved(0).square().exp()).mul(0.88622692545275801)]) : result;
        }

        public Tensor erfinv_() => Replace(erfinv());
    }

    public static Tensor erfinv(Tensor input) => input.erfinv();

    public static Tensor erfinv_(Tensor input) => input.erfinv_();
}
