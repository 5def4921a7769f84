using System.Numerics;
using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    internal readonly struct ErfcOperator : IFloatOperator
    {
        public static T Invoke<T>(T x) where T : unmanaged, IFloatingPointIeee754<T> => T.CreateTruncating(ErfComplement.Erfc(double.CreateTruncating(x)));
    }

    public partial class Tensor
    {
        /// <summary>1 - erf of each element, without cancellation.</summary>
        public Tensor erfc()
        {
            Tensor result = Elementwise.Unary<ErfcOperator>(this);
            return Tape.Records(this) ? Tape.Record(result, "ErfcBackward", [this], [this], (n, g) => [g.mul(n.Saved(0).square().neg().exp()).mul(-1.1283791670955126)]) : result;
        }

        public Tensor erfc_() => Replace(erfc());
    }

    public static Tensor erfc(Tensor input) => input.erfc();

    public static Tensor erfc_(Tensor input) => input.erfc_();
}
