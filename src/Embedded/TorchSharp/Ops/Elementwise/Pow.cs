using System.Numerics;
using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>a to the power b.</summary>
    internal readonly struct PowOperator : IBinaryOperator
    {
        public static bool HasVector => false;

        public static T Invoke<T>(T a, T b) where T : unmanaged, INumber<T>
        {
            if (typeof(T) == typeof(float)) return T.CreateTruncating(MathF.Pow(float.CreateTruncating(a), float.CreateTruncating(b)));
            if (typeof(T) == typeof(double)) return T.CreateTruncating(Math.Pow(double.CreateTruncating(a), double.CreateTruncating(b)));
            T result = T.One;
            for (T i = T.Zero; i < b; i++) result *= a;
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
            Tensor result;
            if (p == 2) result = Elementwise.Binary<MulOperator>(this, this, type);
            else
            {
                ScalarType t = Dtypes.Result(this, exponent);
                using Tensor number = Numbers.Of(exponent, t);
                result = Elementwise.Binary<PowOperator>(this, number, t);
            }
            if (!Tape.Records(this)) return result;
            return Tape.Record(result, "PowBackward", [this], [this], (n, g) =>
                [p == 0 ? torch.zeros_like(g) : p == 2 ? g.mul(n.Saved(0)).mul(2) : g.mul(n.Saved(0).pow(p - 1)).mul(p)]);
        }

        public Tensor pow(Tensor exponent)
        {
            Tensor result = Elementwise.Binary<PowOperator>(this, exponent, Dtypes.Result(this, exponent));
            if (!Tape.Records(this, exponent)) return result;
            long[] a = sizes, b = exponent.sizes;
            return Tape.Record(result, "PowBackward", [this, exponent], [this, exponent, result], (n, g) =>
            [
                n.Needs(0) ? Tape.SumTo(g.mul(n.Saved(1)).mul(n.Saved(0).pow(n.Saved(1).sub(1))), a) : null,
                n.Needs(1) ? Tape.SumTo(g.mul(n.Saved(2)).mul(n.Saved(0).log()), b) : null,
            ]);
        }

        public Tensor pow_(Scalar exponent) => Replace(pow(exponent));
    }

    public static Tensor pow(Tensor left, Scalar exponent) => left.pow(exponent);

    public static Tensor pow(Tensor left, Tensor exponent) => left.pow(exponent);
}
