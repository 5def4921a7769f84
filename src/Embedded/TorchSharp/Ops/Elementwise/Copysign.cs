using System.Numerics;
using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>a's magnitude with b's sign.</summary>
    internal readonly struct CopysignOperator : IFloatPairOperator
    {
        public static T Invoke<T>(T a, T b) where T : unmanaged, IFloatingPointIeee754<T> => T.CopySign(a, b);
    }

    public partial class Tensor
    {
        /// <summary>The magnitudes of this tensor with the signs of <paramref name="other"/>, also those of zeros.</summary>
        public Tensor copysign(Tensor other)
        {
            Tensor result = Elementwise.FloatPair<CopysignOperator>(this, other);
            if (!Tape.Records(this, other)) return result;
            long[] a = sizes, b = other.sizes;
            return Tape.Record(result, "CopysignBackward", [this, other], [this, result], (n, g) =>
            [
                n.Needs(0) ? Tape.SumTo(g.mul(n.Saved(0).sgn().mul(n.Saved(1).sgn())), a) : null,
                n.Needs(1) ? torch.zeros(b, g.type) : null,
            ]);
        }
    }

    public static Tensor copysign(Tensor input, Tensor other) => input.copysign(other);
}
