using System.Numerics;
using System.Runtime.InteropServices;
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
            if (Dtypes.IsIntegral(type)) return clone();
            if (type == ScalarType.Bool) throw new ExternalException("\"floor_vml_cpu\" not implemented for 'Bool'");
            Tensor result = Elementwise.Unary<FloorOperator>(this);
            return Tape.Records(this) ? Tape.Record(result, "FloorBackward", [this], [], (_, g) => [Tape.Zeros(g)]) : result;
        }

        public Tensor floor_() => Replace(floor());
    }

    public static Tensor floor(Tensor input) => input.floor();

    public static Tensor floor_(Tensor input) => input.floor_();
}
