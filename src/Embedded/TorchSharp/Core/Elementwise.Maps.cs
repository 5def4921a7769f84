using System.Numerics;
using static TorchSharp.torch;

namespace TorchSharp.Core;

/// <summary>Functions of one tensor whose type stays, and conditions on its elements.</summary>
internal static unsafe partial class Elementwise
{
    /// <summary>op(x) in x's own type.</summary>
    public static Tensor Number<TOp>(Tensor x) where TOp : struct, INumberOperator
    {
        ScalarType compute = Dtypes.Compute(x.type);
        Tensor result = Tensor.Create(x.sizes, compute);
        using Tensor from = As(x, compute);
        switch (compute)
        {
            case ScalarType.Bool or ScalarType.Byte: RunNumber<byte, TOp>(from, result); break;
            case ScalarType.Int8: RunNumber<sbyte, TOp>(from, result); break;
            case ScalarType.Int16: RunNumber<short, TOp>(from, result); break;
            case ScalarType.Int32: RunNumber<int, TOp>(from, result); break;
            case ScalarType.Int64: RunNumber<long, TOp>(from, result); break;
            case ScalarType.Float64: RunNumber<double, TOp>(from, result); break;
            default: RunNumber<float, TOp>(from, result); break;
        }
        return Narrowed(result, x.type);
    }

    /// <summary>Whether the condition holds, element by element.</summary>
    public static Tensor Flag<TOp>(Tensor x) where TOp : struct, IFlagOperator
    {
        ScalarType compute = Dtypes.Compute(x.type);
        Tensor result = Tensor.Create(x.sizes, ScalarType.Bool);
        using Tensor from = As(x, compute);
        switch (compute)
        {
            case ScalarType.Bool or ScalarType.Byte: RunFlag<byte, TOp>(from, result); break;
            case ScalarType.Int8: RunFlag<sbyte, TOp>(from, result); break;
            case ScalarType.Int16: RunFlag<short, TOp>(from, result); break;
            case ScalarType.Int32: RunFlag<int, TOp>(from, result); break;
            case ScalarType.Int64: RunFlag<long, TOp>(from, result); break;
            case ScalarType.Float64: RunFlag<double, TOp>(from, result); break;
            default: RunFlag<float, TOp>(from, result); break;
        }
        return result;
    }

    static void RunNumber<T, TOp>(Tensor x, Tensor result) where T : unmanaged, INumber<T> where TOp : struct, INumberOperator
    {
        var body = new NumberBody<T, TOp> { A = x.Ptr<T>(), C = result.Ptr<T>() };
        StrideWalk.Spread(result.sizes, x.strides, x.strides, result.strides, ref body);
        GC.KeepAlive(x);
    }

    static void RunFlag<T, TOp>(Tensor x, Tensor result) where T : unmanaged, INumber<T> where TOp : struct, IFlagOperator
    {
        var body = new FlagBody<T, TOp> { A = x.Ptr<T>(), C = result.Ptr<byte>() };
        StrideWalk.Spread(result.sizes, x.strides, x.strides, result.strides, ref body);
        GC.KeepAlive(x);
    }

    struct NumberBody<T, TOp> : IWalkBody where T : unmanaged, INumber<T> where TOp : struct, INumberOperator
    {
        public T* A, C;

        public readonly void Run(long a, long b, long c, long sa, long sb, long sc, long n)
        {
            T* x = A + a, z = C + c;
            for (long i = 0; i < n; i++) z[i * sc] = TOp.Invoke(x[i * sa]);
        }
    }

    struct FlagBody<T, TOp> : IWalkBody where T : unmanaged, INumber<T> where TOp : struct, IFlagOperator
    {
        public T* A;
        public byte* C;

        public readonly void Run(long a, long b, long c, long sa, long sb, long sc, long n)
        {
            T* x = A + a;
            byte* z = C + c;
            for (long i = 0; i < n; i++) z[i * sc] = TOp.Invoke(x[i * sa]) ? (byte)1 : (byte)0;
        }
    }
}
