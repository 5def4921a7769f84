using System.Numerics;
using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    internal readonly struct CeilOperator : IFloatOperator
    {
        public static T Invoke<T>(T x) where T : unmanaged, IFloatingPointIeee754<T> => T.Ceiling(x);
    }

    public partial class Tensor
    {
        /// <summary>Each element rounded up.</summary>
        public Tensor ceil()
        {
            if (!Dtypes.IsFloating(type)) return clone();
            Tensor result = Elementwise.Unary<CeilOperator>(this);
            return Tape.Records(this) ? Tape.Record(result, "CeilBackward", [this], [], (_, g) => [Tape.Zeros(g)]) : result;
        }

        public Tensor ceil_() => Replace(ceil());
    }
}
