using System.Numerics;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp.Core;

/// <summary>Functions of two tensors that only floating-point numbers, or only whole numbers, have.</summary>
internal static unsafe partial class Elementwise
{
    /// <summary>op(a, b) in the floating-point type <paramref name="type"/>.</summary>
    public static Tensor FloatPair<TOp>(Tensor a, Tensor b, ScalarType type) where TOp : struct, IFloatPairOperator
    {
        ScalarType compute = Dtypes.Compute(type);
        Tensor result = Tensor.Create(Shapes.Broadcast(a.sizes, b.sizes), compute);
        using Tensor x = As(a, compute), y = As(b, compute);
        if (compute == ScalarType.Float64) RunFloatPair<double, TOp>(x, y, result);
        else RunFloatPair<float, TOp>(x, y, result);
        return Narrowed(result, type);
    }

    /// <summary>op(a, b) in their common floating-point type; whole numbers become the default type.</summary>
    public static Tensor FloatPair<TOp>(Tensor a, Tensor b) where TOp : struct, IFloatPairOperator
    {
        ScalarType type = Dtypes.Result(a, b);
        return FloatPair<TOp>(a, b, Dtypes.IsFloating(type) ? type : get_default_dtype());
    }

    /// <summary>As <see cref="FloatPair{TOp}(Tensor, Tensor)"/> for functions that libtorch refuses for whole numbers.</summary>
    public static Tensor FloatPair<TOp>(Tensor a, Tensor b, string kernel) where TOp : struct, IFloatPairOperator
    {
        ScalarType type = Dtypes.Result(a, b);
        if (!Dtypes.IsFloating(type)) throw new ExternalException($"\"{kernel}\" not implemented for '{Names.Of(type)}'");
        return FloatPair<TOp>(a, b, type);
    }

    /// <summary>op(a, b) of whole numbers; bool only with <paramref name="flags"/>.</summary>
    public static Tensor Whole<TOp>(Tensor a, Tensor b, string kernel, bool flags = false) where TOp : struct, IWholeOperator
    {
        ScalarType type = Dtypes.Result(a, b);
        if (Dtypes.IsFloating(type) || (type == ScalarType.Bool && !flags)) throw new ExternalException($"\"{kernel}\" not implemented for '{Names.Of(type)}'");
        Tensor result = Tensor.Create(Shapes.Broadcast(a.sizes, b.sizes), type);
        using Tensor x = As(a, type), y = As(b, type);
        switch (type)
        {
            case ScalarType.Bool or ScalarType.Byte: RunWhole<byte, TOp>(x, y, result); break;
            case ScalarType.Int8: RunWhole<sbyte, TOp>(x, y, result); break;
            case ScalarType.Int16: RunWhole<short, TOp>(x, y, result); break;
            case ScalarType.Int32: RunWhole<int, TOp>(x, y, result); break;
            default: RunWhole<long, TOp>(x, y, result); break;
        }
        return result;
    }

    static void RunFloatPair<T, TOp>(Tensor x, Tensor y, Tensor result) where T : unmanaged, IFloatingPointIeee754<T> where TOp : struct, IFloatPairOperator
    {
        var body = new FloatPairBody<T, TOp> { A = x.Ptr<T>(), B = y.Ptr<T>(), C = result.Ptr<T>() };
        StrideWalk.Spread(result.sizes, Shapes.ExpandedStrides(x, result.sizes), Shapes.ExpandedStrides(y, result.sizes), result.strides, ref body);
        GC.KeepAlive(x);
        GC.KeepAlive(y);
    }

    static void RunWhole<T, TOp>(Tensor x, Tensor y, Tensor result) where T : unmanaged, IBinaryInteger<T> where TOp : struct, IWholeOperator
    {
        var body = new WholeBody<T, TOp> { A = x.Ptr<T>(), B = y.Ptr<T>(), C = result.Ptr<T>() };
        StrideWalk.Spread(result.sizes, Shapes.ExpandedStrides(x, result.sizes), Shapes.ExpandedStrides(y, result.sizes), result.strides, ref body);
        GC.KeepAlive(x);
        GC.KeepAlive(y);
    }

    struct FloatPairBody<T, TOp> : IWalkBody where T : unmanaged, IFloatingPointIeee754<T> where TOp : struct, IFloatPairOperator
    {
        public T* A, B, C;

        public readonly void Run(long a, long b, long c, long sa, long sb, long sc, long n)
        {
            T* x = A + a, y = B + b, z = C + c;
            for (long i = 0; i < n; i++) z[i * sc] = TOp.Invoke(x[i * sa], y[i * sb]);
        }
    }

    struct WholeBody<T, TOp> : IWalkBody where T : unmanaged, IBinaryInteger<T> where TOp : struct, IWholeOperator
    {
        public T* A, B, C;

        public readonly void Run(long a, long b, long c, long sa, long sb, long sc, long n)
        {
            T* x = A + a, y = B + b, z = C + c;
            for (long i = 0; i < n; i++) z[i * sc] = TOp.Invoke(x[i * sa], y[i * sb]);
        }
    }
}
