using System.Numerics;
using System.Runtime.InteropServices;
using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>The nearest whole number, of two equally near the even one.</summary>
    internal readonly struct RoundOperator : IFloatOperator
    {
        public static T Invoke<T>(T x) where T : unmanaged, IFloatingPointIeee754<T> => T.Round(x, MidpointRounding.ToEven);
    }

    /// <summary>a rounded to as many decimals as b has zeros before 1; to tens, hundreds, ... where b is 0.1, 0.01, ...</summary>
    internal readonly struct RoundDecimalsOperator : IFloatPairOperator
    {
        public static T Invoke<T>(T a, T b) where T : unmanaged, IFloatingPointIeee754<T>
        {
            if (b >= T.One) return T.Round(a * b, MidpointRounding.ToEven) / b;
            T tens = T.Round(T.One / b);
            return T.Round(a / tens, MidpointRounding.ToEven) * tens;
        }
    }

    public partial class Tensor
    {
        /// <summary>Each element rounded to a number of decimals (of tens, hundreds, ... where it is negative), halves to even.</summary>
        public Tensor round(long decimals = 0)
        {
            Tensor result;
            if (decimals == 0)
            {
                if (Dtypes.IsIntegral(type)) return clone();
                if (type == ScalarType.Bool) throw new ExternalException("\"round_vml_cpu\" not implemented for 'Bool'");
                result = Elementwise.Unary<RoundOperator>(this);
            }
            else
            {
                if (!Dtypes.IsFloating(type)) throw new ExternalException($"\"round_cpu\" not implemented for '{Names.Of(type)}'");
                using Tensor scale = Numbers.Of(Math.Pow(10, decimals), Dtypes.Compute(type));
                result = Elementwise.FloatPair<RoundDecimalsOperator>(this, scale, type);
            }
            return Tape.Records(this) ? Tape.Record(result, "RoundBackward", [this], [], (_, g) => [Tape.Zeros(g)]) : result;
        }

        public Tensor round_(long decimals = 0) => Replace(round(decimals));
    }

    public static Tensor round(Tensor input, long decimals = 0) => input.round(decimals);

    public static Tensor round_(Tensor input, long decimals = 0) => input.round_(decimals);
}
