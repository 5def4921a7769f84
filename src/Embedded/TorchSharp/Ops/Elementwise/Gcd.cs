using System.Numerics;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>The greatest common divisor, by Euclid.</summary>
    internal readonly struct GcdOperator : IWholeOperator
    {
        public static T Invoke<T>(T a, T b) where T : unmanaged, IBinaryInteger<T>
        {
            while (b != T.Zero) (a, b) = (b, IsMinusOne(b) ? T.Zero : a % b);
            return T.IsNegative(a) ? T.Zero - a : a;
        }

        // The smallest number has no remainder by -1 that the machine could give.
        static bool IsMinusOne<T>(T b) where T : unmanaged, IBinaryInteger<T> => T.IsNegative(b) && b + T.One == T.Zero;
    }

    /// <summary>The least common multiple, 0 where either is 0.</summary>
    internal readonly struct LcmOperator : IWholeOperator
    {
        public static T Invoke<T>(T a, T b) where T : unmanaged, IBinaryInteger<T>
        {
            T common = GcdOperator.Invoke(a, b);
            if (common == T.Zero) return T.Zero;
            T multiple = a / common * b;
            return T.IsNegative(multiple) ? T.Zero - multiple : multiple;
        }
    }

    public partial class Tensor
    {
        /// <summary>The greatest common divisor of elements.</summary>
        public Tensor gcd(Tensor other) => Elementwise.Whole<GcdOperator>(this, other, "gcd_cpu");

        /// <summary>The least common multiple of elements.</summary>
        public Tensor lcm(Tensor other) => Elementwise.Whole<LcmOperator>(this, other, "lcm_cpu");

        public Tensor gcd_(Tensor other) => Replace(gcd(other));

        public Tensor lcm_(Tensor other) => Replace(lcm(other));
    }

    public static Tensor gcd(Tensor left, Tensor right) => left.gcd(right);

    public static Tensor gcd_(Tensor left, Tensor right) => left.gcd_(right);

    public static Tensor lcm(Tensor input, Tensor other) => input.lcm(other);

    public static Tensor lcm_(Tensor input, Tensor other) => input.lcm_(other);
}
