using System.Numerics;
using System.Runtime.InteropServices;
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
            if (Dtypes.IsIntegral(type)) return clone();
            if (type == ScalarType.Bool) throw new ExternalException("\"trunc_vml_cpu\" not implemented for 'Bool'");
            Tensor result = Elementwise.Unary<TruncOperator>(this);
            return Tape.Records(this) ? Tape.Record(result, "TruncBackward", [this], [], (_, g) => [Tape.Zeros(g)]) : result;
        }

        public Tensor trunc_() => Replace(trunc());

        public Tensor fix() => trunc();

        public Tensor fix_() => trunc_();
    }

    public static Tensor trunc(Tensor input) => input.trunc();

    public static Tensor trunc_(Tensor input) => input.trunc_();

    public static Tensor fix(Tensor input) => input.fix();

    public static Tensor fix_(Tensor input) => input.fix_();
}
