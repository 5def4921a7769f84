using System.Numerics;
using System.Runtime.Intrinsics;

namespace TorchSharp;

public static partial class torch
{
    internal readonly struct EqOperator : ICompareOperator
    {
        public static bool Invoke<T>(T a, T b) where T : unmanaged, INumber<T> => a == b;

        public static Vector256<T> Invoke<T>(Vector256<T> a, Vector256<T> b) where T : unmanaged, INumber<T> => Vector256.Equals(a, b);
    }

    internal readonly struct NeOperator : ICompareOperator
    {
        public static bool Invoke<T>(T a, T b) where T : unmanaged, INumber<T> => a != b;

        public static Vector256<T> Invoke<T>(Vector256<T> a, Vector256<T> b) where T : unmanaged, INumber<T> => ~Vector256.Equals(a, b);
    }

    internal readonly struct LtOperator : ICompareOperator
    {
        public static bool Invoke<T>(T a, T b) where T : unmanaged, INumber<T> => a < b;

        public static Vector256<T> Invoke<T>(Vector256<T> a, Vector256<T> b) where T : unmanaged, INumber<T> => Vector256.LessThan(a, b);
    }

    internal readonly struct LeOperator : ICompareOperator
    {
        public static bool Invoke<T>(T a, T b) where T : unmanaged, INumber<T> => a <= b;

        public static Vector256<T> Invoke<T>(Vector256<T> a, Vector256<T> b) where T : unmanaged, INumber<T> => Vector256.LessThanOrEqual(a, b);
    }

    internal readonly struct GtOperator : ICompareOperator
    {
        public static bool Invoke<T>(T a, T b) where T : unmanaged, INumber<T> => a > b;

        public static Vector256<T> Invoke<T>(Vector256<T> a, Vector256<T> b) where T : unmanaged, INumber<T> => Vector256.GreaterThan(a, b);
    }

    internal readonly struct GeOperator : ICompareOperator
    {
        public static bool Invoke<T>(T a, T b) where T : unmanaged, INumber<T> => a >= b;

        public static Vector256<T> Invoke<T>(Vector256<T> a, Vector256<T> b) where T : unmanaged, INumber<T> => Vector256.GreaterThanOrEqual(a, b);
    }

    public partial class Tensor
    {
        Tensor Compared<TOp>(Tensor target) where TOp : struct, ICompareOperator => Elementwise.Compare<TOp>(this, target, Dtypes.Result(this, target));

        Tensor Compared<TOp>(Scalar target) where TOp : struct, ICompareOperator
        {
            ScalarType type = Dtypes.Result(this, target);
            using Tensor number = Numbers.Of(target, type);
            return Elementwise.Compare<TOp>(this, number, type);
        }

        public Tensor eq(Tensor target) => Compared<EqOperator>(target);
        public Tensor eq(Scalar target) => Compared<EqOperator>(target);
        public Tensor ne(Tensor target) => Compared<NeOperator>(target);
        public Tensor ne(Scalar target) => Compared<NeOperator>(target);
        public Tensor lt(Tensor target) => Compared<LtOperator>(target);
        public Tensor lt(Scalar target) => Compared<LtOperator>(target);
        public Tensor le(Tensor target) => Compared<LeOperator>(target);
        public Tensor le(Scalar target) => Compared<LeOperator>(target);
        public Tensor gt(Tensor target) => Compared<GtOperator>(target);
        public Tensor gt(Scalar target) => Compared<GtOperator>(target);
        public Tensor ge(Tensor target) => Compared<GeOperator>(target);
        public Tensor ge(Scalar target) => Compared<GeOperator>(target);

        /// <summary>Element by element, as eq: the library's equal.</summary>
        public Tensor equal(Tensor target) => eq(target);

        public static Tensor operator ==(Tensor left, Tensor right) => left.eq(right);
        public static Tensor operator ==(Tensor left, Scalar right) => left.eq(right);
        public static Tensor operator ==(Scalar left, Tensor right) => right.eq(left);
        public static Tensor operator !=(Tensor left, Tensor right) => left.ne(right);
        public static Tensor operator !=(Tensor left, Scalar right) => left.ne(right);
        public static Tensor operator !=(Scalar left, Tensor right) => right.ne(left);
        public static Tensor operator <(Tensor left, Tensor right) => left.lt(right);
        public static Tensor operator <(Tensor left, Scalar right) => left.lt(right);
        public static Tensor operator <(Scalar left, Tensor right) => right.gt(left);
        public static Tensor operator <=(Tensor left, Tensor right) => left.le(right);
        public static Tensor operator <=(Tensor left, Scalar right) => left.le(right);
        public static Tensor operator <=(Scalar left, Tensor right) => right.ge(left);
        public static Tensor operator >(Tensor left, Tensor right) => left.gt(right);
        public static Tensor operator >(Tensor left, Scalar right) => left.gt(right);
        public static Tensor operator >(Scalar left, Tensor right) => right.lt(left);
        public static Tensor operator >=(Tensor left, Tensor right) => left.ge(right);
        public static Tensor operator >=(Tensor left, Scalar right) => left.ge(right);
        public static Tensor operator >=(Scalar left, Tensor right) => right.le(left);
    }

    public static Tensor eq(Tensor left, Tensor right) => left.eq(right);

    public static Tensor ne(Tensor left, Tensor right) => left.ne(right);

    public static Tensor lt(Tensor left, Tensor right) => left.lt(right);

    public static Tensor le(Tensor left, Tensor right) => left.le(right);

    public static Tensor gt(Tensor left, Tensor right) => left.gt(right);

    public static Tensor ge(Tensor left, Tensor right) => left.ge(right);

    public static Tensor equal(Tensor tensor, Tensor target) => tensor.equal(target);
}
