using System.Numerics;
using System.Runtime.InteropServices;
using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>The remainder with the divisor's sign.</summary>
    internal readonly struct RemainderOperator : IBinaryOperator
    {
        public static bool HasVector => false;

        public static T Invoke<T>(T a, T b) where T : unmanaged, INumber<T>
        {
            if (typeof(T) != typeof(float) && typeof(T) != typeof(double))
            {
                if (b == T.Zero) throw new ExternalException("ZeroDivisionError");
                // The machine refuses the smallest number by -1.
                if (T.IsNegative(b) && b + T.One == T.Zero) return T.Zero;
            }
            T r = a % b;
            return r != T.Zero && T.IsNegative(r) != T.IsNegative(b) ? r + b : r;
        }

        public static Vector<T> Invoke<T>(Vector<T> a, Vector<T> b) where T : unmanaged, INumber<T> => throw new NotSupportedException();
    }

    public partial class Tensor
    {
        /// <summary>What remains of dividing, with the divisor's sign, as Python's %.</summary>
        public Tensor remainder(Tensor target)
        {
            ScalarType to = Dtypes.Result(this, target);
            if (to == ScalarType.Bool) throw new ExternalException("\"remainder_cpu\" not implemented for 'Bool'");
            Tensor result = Elementwise.Binary<RemainderOperator>(this, target, to);
            if (!Tape.Records(this, target)) return result;
            long[] a = sizes, b = target.sizes;
            return Tape.Record(result, "RemainderBackward", [this, target], [this, target], (n, g) =>
            [
                n.Needs(0) ? Tape.SumTo(g, a) : null,
                n.Needs(1) ? Tape.SumTo(g.mul(n.Saved(0).div(n.Saved(1), RoundingMode.floor)).neg(), b) : null,
            ]);
        }

        public Tensor remainder(Scalar scalar)
        {
            using Tensor number = Numbers.Of(scalar, Dtypes.Result(this, scalar));
            return remainder(number);
        }

        public Tensor remainder_(Tensor target) => Replace(remainder(target));

        public Tensor remainder_(Scalar scalar) => Replace(remainder(scalar));

        public static Tensor operator %(Tensor left, Tensor right) => left.remainder(right);
        public static Tensor operator %(Tensor left, Scalar right) => left.remainder(right);
        public static Tensor operator %(Tensor left, int right) => left.remainder(right);
        public static Tensor operator %(Tensor left, long right) => left.remainder(right);
        public static Tensor operator %(Tensor left, float right) => left.remainder(right);
        public static Tensor operator %(Tensor left, double right) => left.remainder(right);
    }

    public static Tensor remainder(Tensor left, Scalar right) => left.remainder(right);

    public static Tensor remainder(Tensor left, Tensor right) => left.remainder(right);

    public static Tensor remainder_(Tensor left, Scalar right) => left.remainder_(right);

    public static Tensor remainder_(Tensor left, Tensor right) => left.remainder_(right);
}
