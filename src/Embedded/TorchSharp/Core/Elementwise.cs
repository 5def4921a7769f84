using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using static TorchSharp.torch;

namespace TorchSharp.Core;

/// <summary>An operator on two numbers of one type, by lane and by vector with the same result.</summary>
internal interface IBinaryOperator
{
    static abstract T Invoke<T>(T a, T b) where T : unmanaged, INumber<T>;

    static abstract Vector<T> Invoke<T>(Vector<T> a, Vector<T> b) where T : unmanaged, INumber<T>;

    /// <summary>False where the vector form would differ from the scalar one in any bit.</summary>
    static abstract bool HasVector { get; }

    /// <summary>The whole of contiguous float32 operands at once, the same to the last bit; false where there is no such form.</summary>
    static virtual unsafe bool Zip(float* a, float* b, float* c, long n) => false;

    /// <summary>As <see cref="Zip"/> with one number on the right.</summary>
    static virtual unsafe bool Map(float* a, float b, float* c, long n) => false;
}

/// <summary>A comparison of two numbers of one type.</summary>
internal interface ICompareOperator
{
    static abstract bool Invoke<T>(T a, T b) where T : unmanaged, INumber<T>;

    /// <summary>All bits of an element set where the comparison holds.</summary>
    static abstract Vector256<T> Invoke<T>(Vector256<T> a, Vector256<T> b) where T : unmanaged, INumber<T>;
}

/// <summary>A function of one floating-point number.</summary>
internal interface IFloatOperator
{
    static abstract T Invoke<T>(T x) where T : unmanaged, IFloatingPointIeee754<T>;

    /// <summary>The whole of contiguous float32 memory at once; float32 always takes this form where there is one, so that a value depends on its input alone.</summary>
    static virtual unsafe bool Map(float* x, float* y, long n) => false;
}

/// <summary>Runs operators over tensors: broadcasting by strides, one run of contiguous memory at a time.</summary>
internal static unsafe partial class Elementwise
{
    /// <summary>op(a, b) in <paramref name="type"/>; the operands are converted to it first.</summary>
    public static Tensor Binary<TOp>(Tensor a, Tensor b, ScalarType type) where TOp : struct, IBinaryOperator
    {
        long[] shape = Shapes.Broadcast(a.sizes, b.sizes);
        ScalarType compute = Dtypes.Compute(type);
        Tensor result = ReferenceEquals(shape, a.sizes) ? Tensor.Like(a, compute) : Tensor.Create(shape, compute);
        if (a.type == compute && b.type == compute)
        {
            Into<TOp>(a, b, result);
            GC.KeepAlive(a);
            GC.KeepAlive(b);
        }
        else
        {
            using Tensor x = As(a, compute), y = As(b, compute);
            Into<TOp>(x, y, result);
        }
        return Narrowed(result, type);
    }

    /// <summary>target = op(target, b), in place; the result is converted to the target's type.</summary>
    public static void InPlace<TOp>(Tensor target, Tensor b, ScalarType type) where TOp : struct, IBinaryOperator
    {
        ScalarType compute = Dtypes.Compute(type);
        using Tensor y = As(b, compute);
        using Tensor? apart = ReferenceEquals(b.buffer, target.buffer) && !ReferenceEquals(b, target) && y.buffer == b.buffer ? y.contiguousCopy() : null;
        if (compute == target.type)
        {
            Into<TOp>(target, apart ?? y, target);
            return;
        }
        using Tensor x = As(target, compute);
        using Tensor result = Tensor.Create(target.sizes, compute, false);
        Into<TOp>(x, y, result);
        Copy.Elements(result, target);
    }

    public static Tensor Compare<TOp>(Tensor a, Tensor b, ScalarType type) where TOp : struct, ICompareOperator
    {
        long[] shape = Shapes.Broadcast(a.sizes, b.sizes);
        ScalarType compute = Dtypes.Compute(type);
        Tensor result = Tensor.Create(shape, ScalarType.Bool);
        using Tensor x = As(a, compute), y = As(b, compute);
        switch (compute)
        {
            case ScalarType.Bool or ScalarType.Byte: RunCompare<byte, TOp>(x, y, result); break;
            case ScalarType.Int8: RunCompare<sbyte, TOp>(x, y, result); break;
            case ScalarType.Int16: RunCompare<short, TOp>(x, y, result); break;
            case ScalarType.Int32: RunCompare<int, TOp>(x, y, result); break;
            case ScalarType.Int64: RunCompare<long, TOp>(x, y, result); break;
            case ScalarType.Float64: RunCompare<double, TOp>(x, y, result); break;
            default: RunCompare<float, TOp>(x, y, result); break;
        }
        return result;
    }

    /// <summary>op(x) of a floating-point tensor; whole numbers are converted to the default type first.</summary>
    public static Tensor Unary<TOp>(Tensor x) where TOp : struct, IFloatOperator
    {
        ScalarType type = Dtypes.IsFloating(x.type) ? x.type : get_default_dtype();
        ScalarType compute = Dtypes.Compute(type);
        Tensor result = Tensor.Like(x, compute);
        if (x.type == ScalarType.Float32 && x.is_contiguous())
        {
            if (!TOp.Map(x.Ptr<float>(), result.Ptr<float>(), result.Count)) RunUnary<float, TOp>(x, result);
            GC.KeepAlive(x);
            return result;
        }
        using Tensor from = As(x, compute);
        if (compute == ScalarType.Float64) RunUnary<double, TOp>(from, result);
        else
        {
            using Tensor dense = from.Dense();
            if (!TOp.Map(dense.Ptr<float>(), result.Ptr<float>(), result.Count)) RunUnary<float, TOp>(dense, result);
        }
        return Narrowed(result, type);
    }

    /// <summary>The tensor in another type, outside graph and scopes.</summary>
    public static Tensor As(Tensor t, ScalarType type)
    {
        if (t.type == type) return t.Hidden();
        Tensor converted = Tensor.Create(t.sizes, type, false);
        Copy.Elements(t, converted);
        return converted;
    }

    static Tensor Narrowed(Tensor result, ScalarType type)
    {
        if (result.type == type) return result;
        Tensor narrow = Tensor.Create(result.sizes, type);
        Copy.Elements(result, narrow);
        result.Dispose();
        return narrow;
    }

    static void Into<TOp>(Tensor x, Tensor y, Tensor result) where TOp : struct, IBinaryOperator
    {
        switch (result.type)
        {
            case ScalarType.Bool or ScalarType.Byte: RunBinary<byte, TOp>(x, y, result); break;
            case ScalarType.Int8: RunBinary<sbyte, TOp>(x, y, result); break;
            case ScalarType.Int16: RunBinary<short, TOp>(x, y, result); break;
            case ScalarType.Int32: RunBinary<int, TOp>(x, y, result); break;
            case ScalarType.Int64: RunBinary<long, TOp>(x, y, result); break;
            case ScalarType.Float64: RunBinary<double, TOp>(x, y, result); break;
            default: RunBinary<float, TOp>(x, y, result); break;
        }
    }

    static void RunBinary<T, TOp>(Tensor x, Tensor y, Tensor result) where T : unmanaged, INumber<T> where TOp : struct, IBinaryOperator
    {
        var body = new BinaryBody<T, TOp> { A = x.Ptr<T>(), B = y.Ptr<T>(), C = result.Ptr<T>() };
        StrideWalk.Spread(result.sizes, Shapes.ExpandedStrides(x, result.sizes), Shapes.ExpandedStrides(y, result.sizes), result.strides, ref body);
    }

    static void RunCompare<T, TOp>(Tensor x, Tensor y, Tensor result) where T : unmanaged, INumber<T> where TOp : struct, ICompareOperator
    {
        var body = new CompareBody<T, TOp> { A = x.Ptr<T>(), B = y.Ptr<T>(), C = result.Ptr<byte>() };
        StrideWalk.Spread(result.sizes, Shapes.ExpandedStrides(x, result.sizes), Shapes.ExpandedStrides(y, result.sizes), result.strides, ref body);
    }

    static void RunUnary<T, TOp>(Tensor x, Tensor result) where T : unmanaged, IFloatingPointIeee754<T> where TOp : struct, IFloatOperator
    {
        var body = new UnaryBody<T, TOp> { A = x.Ptr<T>(), C = result.Ptr<T>() };
        StrideWalk.Spread(result.sizes, x.strides, x.strides, result.strides, ref body);
    }

    struct BinaryBody<T, TOp> : IWalkBody where T : unmanaged, INumber<T> where TOp : struct, IBinaryOperator
    {
        public T* A, B, C;

        public readonly void Run(long a, long b, long c, long sa, long sb, long sc, long n)
        {
            T* x = A + a, y = B + b, z = C + c;
            if (typeof(T) == typeof(float) && n >= 64 && sc == 1 && sa == 1)
            {
                if (sb == 1 && TOp.Zip((float*)x, (float*)y, (float*)z, n)) return;
                if (sb == 0 && TOp.Map((float*)x, *(float*)y, (float*)z, n)) return;
            }
            long i = 0;
            if (TOp.HasVector && sc == 1 && sa is 0 or 1 && sb is 0 or 1)
            {
                int w = Vector<T>.Count;
                Vector<T> xs = new(*x), ys = new(*y);
                for (; i + w <= n; i += w)
                {
                    if (sa == 1) xs = *(Vector<T>*)(x + i);
                    if (sb == 1) ys = *(Vector<T>*)(y + i);
                    *(Vector<T>*)(z + i) = TOp.Invoke(xs, ys);
                }
            }
            for (; i < n; i++) z[i * sc] = TOp.Invoke(x[i * sa], y[i * sb]);
        }
    }

    struct CompareBody<T, TOp> : IWalkBody where T : unmanaged, INumber<T> where TOp : struct, ICompareOperator
    {
        public T* A, B;
        public byte* C;

        public readonly void Run(long a, long b, long c, long sa, long sb, long sc, long n)
        {
            T* x = A + a, y = B + b;
            byte* z = C + c;
            long i = 0;
            if (sizeof(T) >= 4 && sa == 1 && sb is 0 or 1 && sc == 1)
                for (; i <= n - 32; i += 32)
                    (Compare32(x + i, y + i * sb, sb) & Vector256<byte>.One).Store(z + i);
            for (; i < n; i++) z[i * sc] = TOp.Invoke(x[i * sa], y[i * sb]) ? (byte)1 : (byte)0;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static Vector256<byte> Compare32(T* x, T* y, long sb)
        {
            int w = Vector256<T>.Count;
            if (sizeof(T) == 8)
                return Bytes(
                    Vector256.Narrow(Compare(x, y, sb).AsInt64(), Compare(x + w, y + w * sb, sb).AsInt64()),
                    Vector256.Narrow(Compare(x + 2 * w, y + 2 * w * sb, sb).AsInt64(), Compare(x + 3 * w, y + 3 * w * sb, sb).AsInt64()),
                    Vector256.Narrow(Compare(x + 4 * w, y + 4 * w * sb, sb).AsInt64(), Compare(x + 5 * w, y + 5 * w * sb, sb).AsInt64()),
                    Vector256.Narrow(Compare(x + 6 * w, y + 6 * w * sb, sb).AsInt64(), Compare(x + 7 * w, y + 7 * w * sb, sb).AsInt64()));
            return Bytes(Compare(x, y, sb).AsInt32(), Compare(x + w, y + w * sb, sb).AsInt32(), Compare(x + 2 * w, y + 2 * w * sb, sb).AsInt32(), Compare(x + 3 * w, y + 3 * w * sb, sb).AsInt32());
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static Vector256<T> Compare(T* x, T* y, long sb) => TOp.Invoke(Vector256.Load(x), sb == 0 ? Vector256.Create(*y) : Vector256.Load(y));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static Vector256<byte> Bytes(Vector256<int> a, Vector256<int> b, Vector256<int> c, Vector256<int> d) =>
            Vector256.Narrow(Vector256.Narrow(a, b), Vector256.Narrow(c, d)).AsByte();
    }

    struct UnaryBody<T, TOp> : IWalkBody where T : unmanaged, IFloatingPointIeee754<T> where TOp : struct, IFloatOperator
    {
        public T* A, C;

        public readonly void Run(long a, long b, long c, long sa, long sb, long sc, long n)
        {
            T* x = A + a, z = C + c;
            for (long i = 0; i < n; i++) z[i * sc] = TOp.Invoke(x[i * sa]);
        }
    }
}
