using System.Numerics;
using System.Runtime.InteropServices;
using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    internal readonly struct FracOperator : IFloatOperator
    {
        public static T Invoke<T>(T x) where T : unmanaged, IFloatingPointIeee754<T> => x - T.Truncate(x);
    }

    public partial class Tensor
    {
        /// <summary>The part of each element behind the point, with its sign.</summary>
        public Tensor frac()
        {
            if (!Dtypes.IsFloating(type)) throw new ExternalException($"\"frac_cpu\" not implemented for '{Names.Of(type)}'");
            Tensor result = Elementwise.Unary<FracOperator>(this);
            return Tape.Records(this) ? Tape.Record(result, "FracBackward", [this], [], (_, g) => [g]) : result;
        }

        public Tensor frac_() => Replace(frac());
    }

    public static Tensor frac(Tensor input) => input.frac();

    public static Tensor frac_(Tensor input) => input.frac_();
}
