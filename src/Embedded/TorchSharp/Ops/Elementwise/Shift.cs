using System.Numerics;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>a 2^b; 0 where all bits are shifted out or b is negative.</summary>
    internal readonly struct LeftShiftOperator : IWholeOperator
    {
        public static unsafe T Invoke<T>(T a, T b) where T : unmanaged, IBinaryInteger<T>
        {
            long by = long.CreateTruncating(b);
            return by < 0 || by >= sizeof(T) * 8 ? T.Zero : a << (int)by;
        }
    }

    /// <summary>a / 2^b rounded down; only the sign's bit where all bits are shifted out or b is negative.</summary>
    internal readonly struct RightShiftOperator : IWholeOperator
    {
        public static unsafe T Invoke<T>(T a, T b) where T : unmanaged, IBinaryInteger<T>
        {
            long by = long.CreateTruncating(b);
            if (by < 0 || by >= sizeof(T) * 8) return T.IsNegative(a) ? T.Zero - T.One : T.Zero;
            return a >> (int)by;
        }
    }

    public partial class Tensor
    {
        /// <summary>The bits moved up.</summary>
        public Tensor bitwise_left_shift(Tensor other) => Elementwise.Whole<LeftShiftOperator>(this, other, "lshift_cpu");

        /// <summary>The bits moved down, the sign kept.</summary>
        public Tensor bitwise_right_shift(Tensor other) => Elementwise.Whole<RightShiftOperator>(this, other, "rshift_cpu");

        public Tensor bitwise_left_shift_(Tensor other) => Replace(bitwise_left_shift(other));

        public Tensor bitwise_right_shift_(Tensor other) => Replace(bitwise_right_shift(other));
    }

    public static Tensor bitwise_left_shift(Tensor left, Tensor right) => left.bitwise_left_shift(right);

    public static Tensor bitwise_right_shift(Tensor left, Tensor right) => left.bitwise_right_shift(right);

    public static Tensor bitwise_left_shift_(Tensor left, Tensor right) => left.bitwise_left_shift_(right);

    public static Tensor bitwise_right_shift_(Tensor left, Tensor right) => left.bitwise_right_shift_(right);
}
