using System.Numerics;
using System.Runtime.InteropServices;
using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>The remainder with the dividend's sign.</summary>
    internal readonly struct FmodOperator : IBinaryOperator
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
            return a % b;
        }

        public static Vector<T> Invoke<T>(Vector<T> a, Vector<T> b) where T : unmanaged, INumber<T> => throw new NotSupportedException();
    }

    public partial class Tensor
    {
        /// <summary>What remains of dividing, with the dividend's sign, as C's fmod.</summary>
        public Tensor fmod(Tensor target)
        {
            ScalarType to = Dtypes.Result(this, target);
            if (to == ScalarType.Bool) throw new ExternalException("\"fmod_cpu\" not implemented for 'Bool'");
            Tensor result = Elementwise.Binary<FmodOperator>(this, target, to);
            if (!Tape.Records(this, target)) return result;
            long[] a = sizes, b = target.sizes;
            return Tape.Record(result, "FmodBackward", [this, target], [this, target], (n, g) =>
            [
                n.Needs(0) ? Tape.SumTo(g, a) : null,
                n.Needs(1) ? Tape.SumTo(g.mul(n.Saved(0).div(n.Saved(1), RoundingMode.trunc)).neg(), b) : null,
            ]);
        }

        public Tensor fmod(Scalar scalar)
        {
            using Tensor number = Numbers.Of(scalar, Dtypes.Result(this, scalar));
            return fmod(number);
        }

        public Tensor fmod_(Tensor target) => Replace(fmod(target));

        public Tensor fmod_(Scalar scalar) => Replace(fmod(scalar));
    }

    public static Tensor fmod(Tensor left, Scalar right) => left.fmod(right);

    public static Tensor fmod(Tensor left, Tensor right) => left.fmod(right);

    public static Tensor fmod_(Tensor left, Scalar right) => left.fmod_(right);

    public static Tensor fmod_(Tensor left, Tensor right) => left.fmod_(right);
}
