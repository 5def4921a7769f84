using System.Numerics;
using System.Runtime.InteropServices;

namespace TorchSharp;

public static partial class torch
{
    internal readonly struct AndOperator : IBinaryOperator
    {
        public static bool HasVector => false;

        public static T Invoke<T>(T a, T b) where T : unmanaged, INumber<T> => T.CreateTruncating(long.CreateTruncating(a) & long.CreateTruncating(b));

        public static Vector<T> Invoke<T>(Vector<T> a, Vector<T> b) where T : unmanaged, INumber<T> => throw new NotSupportedException();
    }

    internal readonly struct OrOperator : IBinaryOperator
    {
        public static bool HasVector => false;

        public static T Invoke<T>(T a, T b) where T : unmanaged, INumber<T> => T.CreateTruncating(long.CreateTruncating(a) | long.CreateTruncating(b));

        public static Vector<T> Invoke<T>(Vector<T> a, Vector<T> b) where T : unmanaged, INumber<T> => throw new NotSupportedException();
    }

    internal readonly struct XorOperator : IBinaryOperator
    {
        public static bool HasVector => false;

        public static T Invoke<T>(T a, T b) where T : unmanaged, INumber<T> => T.CreateTruncating(long.CreateTruncating(a) ^ long.CreateTruncating(b));

        public static Vector<T> Invoke<T>(Vector<T> a, Vector<T> b) where T : unmanaged, INumber<T> => throw new NotSupportedException();
    }

    public partial class Tensor
    {
        public Tensor bitwise_and(Tensor other) => Elementwise.Binary<AndOperator>(this, other, Whole(other));

        public Tensor bitwise_or(Tensor other) => Elementwise.Binary<OrOperator>(this, other, Whole(other));

        public Tensor bitwise_xor(Tensor other) => Elementwise.Binary<XorOperator>(this, other, Whole(other));

        /// <summary>Bits inverted; on bool, "not".</summary>
        public Tensor bitwise_not()
        {
            if (type == ScalarType.Bool) return logical_not();
            using Tensor ones = Numbers.Of(-1L, Whole(this));
            return bitwise_xor(ones);
        }

        public Tensor bitwise_and_(Tensor other) => Replace(bitwise_and(other));

        public Tensor bitwise_or_(Tensor other) => Replace(bitwise_or(other));

        public Tensor logical_and(Tensor other) => Flags(this, other, static (a, b) => a.bitwise_and(b));

        public Tensor logical_or(Tensor other) => Flags(this, other, static (a, b) => a.bitwise_or(b));

        public Tensor logical_xor(Tensor other) => Flags(this, other, static (a, b) => a.bitwise_xor(b));

        public Tensor logical_not() => eq(0L);

        public Tensor logical_and_(Tensor other) => Replace(logical_and(other));

        public Tensor logical_or_(Tensor other) => Replace(logical_or(other));

        ScalarType Whole(Tensor other)
        {
            ScalarType result = Dtypes.Result(this, other);
            return Dtypes.IsFloating(result)
                ? throw new ExternalException($"\"bitwise\" not implemented for '{Names.Of(result)}'")
                : result;
        }

        static Tensor Flags(Tensor a, Tensor b, Func<Tensor, Tensor, Tensor> op)
        {
            using Tensor x = Elementwise.As(a, ScalarType.Bool), y = Elementwise.As(b, ScalarType.Bool);
            return op(x, y);
        }

        public static Tensor operator &(Tensor left, Tensor right) => left.bitwise_and(right);
        public static Tensor operator |(Tensor left, Tensor right) => left.bitwise_or(right);
        public static Tensor operator ^(Tensor left, Tensor right) => left.bitwise_xor(right);
        public static Tensor operator ~(Tensor left) => left.bitwise_not();

        /// <summary>True where an element is not a number.</summary>
        public Tensor isnan() => ne(this);

        /// <summary>True where an element is plus or minus infinity.</summary>
        public Tensor isinf()
        {
            using Tensor magnitude = detach().abs();
            return magnitude.eq(double.PositiveInfinity);
        }

        /// <summary>True where an element is neither infinite nor NaN.</summary>
        public Tensor isfinite()
        {
            using Tensor magnitude = detach().abs();
            return magnitude.lt(double.PositiveInfinity);
        }

        /// <summary>|a - b| within atol + rtol |b|, element by element.</summary>
        public Tensor isclose(Tensor other, double rtol = 1e-05, double atol = 1e-08, bool nanEqual = false)
        {
            using DisposeScope scope = NewDisposeScope();
            using IDisposable mode = no_grad();
            Tensor a = to_type(ScalarType.Float64), b = other.to_type(ScalarType.Float64);
            Tensor close = a.sub(b).abs().le(b.abs().mul(rtol).add(atol)).logical_and(b.isfinite()).logical_or(a.eq(b));
            if (nanEqual) close = close.logical_or(a.isnan().logical_and(b.isnan()));
            return scope.MoveToOuter(close);
        }

        /// <summary>True when all elements are close.</summary>
        public bool allclose(Tensor target, double rtol = 1e-05, double atol = 1e-08, bool equal_nan = false)
        {
            using DisposeScope scope = NewDisposeScope();
            return isclose(target, rtol, atol, equal_nan).all().item<bool>();
        }
    }

    public static Tensor bitwise_and(Tensor left, Tensor right) => left.bitwise_and(right);

    public static Tensor bitwise_or(Tensor left, Tensor right) => left.bitwise_or(right);

    public static Tensor bitwise_not(Tensor input) => input.bitwise_not();

    public static Tensor logical_and(Tensor left, Tensor right) => left.logical_and(right);

    public static Tensor logical_or(Tensor left, Tensor right) => left.logical_or(right);

    public static Tensor logical_not(Tensor input) => input.logical_not();

    public static Tensor isnan(Tensor input) => input.isnan();

    public static bool allclose(Tensor tensor, Tensor target, double rtol = 1e-05, double atol = 1e-08, bool equal_nan = false) => tensor.allclose(target, rtol, atol, equal_nan);
}
