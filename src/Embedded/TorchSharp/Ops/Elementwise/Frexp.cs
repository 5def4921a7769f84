using System.Numerics;
using System.Runtime.InteropServices;
using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>The significand in [0.5, 1).</summary>
    internal readonly struct MantissaOperator : IFloatPairOperator
    {
        public static T Invoke<T>(T a, T b) where T : unmanaged, IFloatingPointIeee754<T> =>
            a == T.Zero || !T.IsFinite(a) ? a : T.ScaleB(a, -(T.ILogB(a) + 1));
    }

    /// <summary>The power of 2 that goes with it.</summary>
    internal readonly struct ExponentOperator : IFloatPairOperator
    {
        public static T Invoke<T>(T a, T b) where T : unmanaged, IFloatingPointIeee754<T> =>
            a == T.Zero || !T.IsFinite(a) ? T.Zero : T.CreateTruncating(T.ILogB(a) + 1);
    }

    public partial class Tensor
    {
        /// <summary>Each element as a significand in [0.5, 1) times 2 to a whole power (int32).</summary>
        public (Tensor Mantissa, Tensor Exponent) frexp()
        {
            if (!Dtypes.IsFloating(type)) throw new ExternalException("torch.frexp() only supports floating-point dtypes");
            Tensor mantissa = Elementwise.FloatPair<MantissaOperator>(this, this, type);
            Tensor exponent = Elementwise.FloatPair<ExponentOperator>(this, this, type).to_type(ScalarType.Int32, disposeAfter: true);
            if (Tape.Records(this)) Tape.Record(mantissa, "FrexpBackward", [this], [exponent], (n, g) => [g.ldexp(n.Saved(0).neg())]);
            return (mantissa, exponent);
        }
    }

    public static (Tensor Mantissa, Tensor Exponent) frexp(Tensor input) => input.frexp();
}
