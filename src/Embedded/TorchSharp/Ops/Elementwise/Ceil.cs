using System.Numerics;
using System.Runtime.InteropServices;
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
            if (Dtypes.IsIntegral(type)) return clone();
            if (type == ScalarType.Bool) throw new ExternalException("\"ceil_vml_cpu\" not implemented for 'Bool'");
            Tensor result = Elementwise.Unary<CeilOperator>(this);
            return Tape.Records(this) ? Tape.Record(result, "CeilBackward", [this], [], (_, g) => [Tape.Zeros(g)]) : result;
        }

        public Tensor ceil_() => Replace(ceil());
    }

    public static Tensor ceil(Tensor input) => input.ceil();

    public static Tensor ceil_(Tensor input) => input.ceil_();
}
