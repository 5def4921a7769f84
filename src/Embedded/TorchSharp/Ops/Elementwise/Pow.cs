using System.Numerics;
using System.Runtime.InteropServices;
using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>a to the power b; of whole numbers to negative powers what is left of 1 / a^|b|.</summary>
    internal readonly struct PowOperator : IBinaryOperator
    {
        public static bool HasVector => false;

        public static T Invoke<T>(T a, T b) where T : unmanaged, INumber<T>
        {
            if (typeof(T) == typeof(float)) return T.CreateTruncating(MathF.Pow(float.CreateTruncating(a), float.CreateTruncating(b)));
            if (typeof(T) == typeof(double)) return T.CreateTruncating(Math.Pow(double.CreateTruncating(a), double.CreateTruncating(b)));
            if (T.IsNegative(b))
            {
                if (a == T.One) return a;
                return a + T.One == T.Zero ? T.IsEvenInteger(b) ? T.One : a : T.Zero;
            }
            T result = T.One;
            for (long left = long.CreateTruncating(b); left > 0; left >>= 1, a *= a)
                if ((left & 1) != 0) result *= a;
            return result;
        }

        public static Vector<T> Invoke<T>(Vector<T> a, Vector<T> b) where T : unmanaged, INumber<T> => throw new NotSupportedException();
    }

    public partial class Tensor
    {
        /// <summary>Each element to a power.</summary>
        public Tensor pow(Scalar exponent)
        {
            double p = exponent.Real;
            ScalarType to = Dtypes.Result(this, exponent);
            if (to == ScalarType.Bool) throw new ExternalException("\"pow\" not implemented for 'Bool'");
            if (!Dtypes.IsFloating(to) && p < 0) throw new ExternalException("Integers to negative integer powers are not allowed.");
            Tensor result = Power(exponent, p, to);
            if (!Tape.Records(this)) return result;
            return Tape.Record(result, "PowBackward", [this], [this], (n, g) =>
                [p == 0 ? Tape.Zeros(g) : p == 1 ? g : p == 2 ? g.mul(n.Saved(0)).mul(2) : g.mul(n.Saved(0).pow(p - 1)).mul(p)]);
        }

        Tensor Power(Scalar exponent, double p, ScalarType to)
        {
            if (p == 2) return Elementwise.Binary<MulOperator>(this, this, to);
            if (Dtypes.IsFloating(to))
            {
                // The powers that have a function of their own: faster, and as exact as they come.
                using Tensor x = Elementwise.As(this, to);
                if (p == 0.5) return Elementwise.Unary<SqrtOperator>(x);
                if (p == -0.5) return Elementwise.Unary<RsqrtOperator>(x);
                if (p == -1) return Elementwise.Unary<ReciprocalOperator>(x);
                if (p == 3)
                {
                    using Tensor square = Elementwise.Binary<MulOperator>(x, x, to);
                    return Elementwise.Binary<MulOperator>(square, x, to);
                }
            }
            using Tensor number = Numbers.Of(exponent, to);
            return Elementwise.Binary<PowOperator>(this, number, to);
        }

        public Tensor pow(Tensor exponent)
        {
            ScalarType to = Dtypes.Result(this, exponent);
            if (to == ScalarType.Bool) throw new ExternalException("\"pow\" not implemented for 'Bool'");
            Tensor result = Elementwise.Binary<PowOperator>(this, exponent, to);
            if (!Tape.Records(this, exponent)) return result;
            long[] a = sizes, b = exponent.sizes;
            return Tape.Record(result, "PowBackward", [this, exponent], [this, exponent, result], (n, g) =>
            {
                Tensor x = n.Saved(0), p = n.Saved(1);
                return
                [
                    n.Needs(0) ? Tape.SumTo(g.mul(p.mul(x.pow(p.sub(1)))).masked_fill(p.eq(0), 0.0), a) : null,
                    n.Needs(1) ? Tape.SumTo(g.mul(n.Saved(2)).mul(x.log()).masked_fill(x.eq(0).logical_and(p.ge(0)), 0.0), b) : null,
                ];
            });
        }

        public Tensor pow_(Scalar exponent) => Replace(pow(exponent));

        public Tensor pow_(Tensor exponent) => Replace(pow(exponent));

        /// <summary>Each element to a power, computed in float64.</summary>
        public Tensor float_power(Tensor target)
        {
            using Tensor x = to_type(ScalarType.Float64).alias(), p = target.to_type(ScalarType.Float64).alias();
            return x.pow(p);
        }
    }

    public static Tensor pow(Tensor left, Scalar exponent) => left.pow(exponent);

    public static Tensor pow(Tensor left, Tensor exponent) => left.pow(exponent);

    public static Tensor pow_(Tensor left, Scalar exponent) => left.pow_(exponent);

    public static Tensor pow_(Tensor left, Tensor exponent) => left.pow_(exponent);

    public static Tensor float_power(Tensor input, Tensor target) => input.float_power(target);
}
