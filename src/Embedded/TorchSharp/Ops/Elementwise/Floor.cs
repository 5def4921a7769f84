using System.Numerics;
using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    internal readonly struct FloorOperator : IFloatOperator
    {
        public static T Invoke<T>(T x) where T : unmanaged, IFloatingPointIeee754<T> => T.Floor(x);
    }

    public partial class Tensor
    {
        /// <summary>Each element rounded down.</summary>
        public Tensor floor()
        {
            if (!Dtypes.IsFloating(type)) return clone();
            Tensor result = Elementwise.Unary<FloorOperator>(this);
            return Tape.Records(this) ? Tape.Record(result, "FloorBackward", [this], [], (_, g) => [Tape.Zeros(g)]) : result;
        }

        public Tensor floor_() => Replace(floor());
    }
}
