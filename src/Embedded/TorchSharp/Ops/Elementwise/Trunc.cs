using System.Numerics;
using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    internal readonly struct TruncOperator : IFloatOperator
    {
        public static T Invoke<T>(T x) where T : unmanaged, IFloatingPointIeee754<T> => T.Truncate(x);
    }

    public partial class Tensor
    {
        /// <summary>Each element rounded towards zero.</summary>
        public Tensor trunc()
        {
            if (!Dtypes.IsFloating(type)) return clone();
            Tensor result = Elementwise.Unary<TruncOperator>(this);
            return Tape.Records(this) ? Tape.Record(result, "TruncBackward", [this], [], (_, g) => [Tape.Zeros(g)]) : result;
        }

        public Tensor trunc_() => Replace(trunc());
    }
}
