using System.Numerics;
using System.Runtime.InteropServices;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Bits of both.</summary>
    internal readonly struct AndOperator : IWholeOperator
    {
        public static T Invoke<T>(T a, T b) where T : unmanaged, IBinaryInteger<T> => a & b;
    }

    /// <summary>Bits of either.</summary>
    internal readonly struct OrOperator : IWholeOperator
    {
        public static T Invoke<T>(T a, T b) where T : unmanaged, IBinaryInteger<T> => a | b;
    }

    /// <summary>Bits of one only.</summary>
    internal readonly struct XorOperator : IWholeOperator
    {
        public static T Invoke<T>(T a, T b) where T : unmanaged, IBinaryInteger<T> => a ^ b;
    }

    public partial class Tensor
    {
        /// <summary>The bits of both; on bool, "and".</summary>
        public Tensor bitwise_and(Tensor other) => Elementwise.Whole<AndOperator>(this, other, "bitwise_and_cpu", true);

        /// <summary>The bits of either; on bool, "or".</summary>
        public Tensor bitwise_or(Tensor other) => Elementwise.Whole<OrOperator>(this, other, "bitwise_or_cpu", true);

        /// <summary>The bits of one only; on bool, "different".</summary>
        public Tensor bitwise_xor(Tensor other) => Elementwise.Whole<XorOperator>(this, other, "bitwise_xor_cpu", true);

        /// <summary>Bits inverted; on bool, "not".</summary>
        public Tensor bitwise_not()
        {
            if (type == ScalarType.Bool) return logical_not();
            if (Dtypes.IsFloating(type)) throw new ExternalException($"\"bitwise_not_cpu\" not implemented for '{Names.Of(type)}'");
            using Tensor ones = Numbers.Of(-1L, type);
            return bitwise_xor(ones);
        }

        public Tensor bitwise_and_(Tensor other) => Replace(bitwise_and(other));

        public Tensor bitwise_or_(Tensor other) => Replace(bitwise_or(other));

        public Tensor bitwise_xor_(Tensor other) => Replace(bitwise_xor(other));

        public Tensor bitwise_not_() => Replace(bitwise_not());

        public static Tensor operator &(Tensor left, Tensor right) => left.bitwise_and(right);
        public static Tensor operator |(Tensor left, Tensor right) => left.bitwise_or(right);
        public static Tensor operator ^(Tensor left, Tensor right) => left.bitwise_xor(right);
        public static Tensor operator ~(Tensor left) => left.bitwise_not();
    }

    public static Tensor bitwise_and(Tensor left, Tensor right) => left.bitwise_and(right);

    public static Tensor bitwise_or(Tensor left, Tensor right) => left.bitwise_or(right);

    public static Tensor bitwise_not(Tensor input) => input.bitwise_not();

    public static Tensor bitwise_xor(Tensor left, Tensor right) => left.bitwise_xor(right);

    public static Tensor bitwise_and_(Tensor left, Tensor right) => left.bitwise_and_(right);

    public static Tensor bitwise_or_(Tensor left, Tensor right) => left.bitwise_or_(right);

    public static Tensor bitwise_xor_(Tensor left, Tensor right) => left.bitwise_xor_(right);

    public static Tensor bitwise_not_(Tensor input) => input.bitwise_not_();
}
