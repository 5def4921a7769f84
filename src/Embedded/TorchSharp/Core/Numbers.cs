using TorchSharp.Kernels;
using static TorchSharp.torch;

namespace TorchSharp.Core;

/// <summary>Numbers as tensors.</summary>
internal static unsafe class Numbers
{
    /// <summary>A hidden zero-dimensional tensor of the number in <paramref name="type"/>.</summary>
    public static Tensor Of(Scalar value, ScalarType type)
    {
        ScalarType compute = Dtypes.Compute(type);
        Tensor t = Tensor.Create([], compute, false);
        Write(t, value);
        if (compute == type) return t;
        Tensor narrow = Elementwise.As(t, type);
        t.Dispose();
        return narrow;
    }

    /// <summary>The product of two numbers, whole where both are.</summary>
    public static Scalar Product(Scalar a, Scalar b) =>
        Dtypes.IsFloating(a.Type) || Dtypes.IsFloating(b.Type) ? (Scalar)(a.Real * b.Real) : (Scalar)(a.Whole * b.Whole);

    /// <summary>Sets every element of a dense tensor.</summary>
    public static void Write(Tensor t, Scalar value)
    {
        switch (t.type)
        {
            case ScalarType.Bool: Fill(t, (byte)(value.ToBoolean() ? 1 : 0)); break;
            case ScalarType.Byte: Fill(t, Casting.To<byte>(value)); break;
            case ScalarType.Int8: Fill(t, Casting.To<sbyte>(value)); break;
            case ScalarType.Int16: Fill(t, Casting.To<short>(value)); break;
            case ScalarType.Int32: Fill(t, Casting.To<int>(value)); break;
            case ScalarType.Int64: Fill(t, Casting.To<long>(value)); break;
            case ScalarType.Float32: Fill(t, Casting.To<float>(value)); break;
            case ScalarType.Float64: Fill(t, Casting.To<double>(value)); break;
            case ScalarType.Float16: Fill(t, (Half)value.Real); break;
            default: Fill(t, Casting.Narrow((float)value.Real)); break;
        }
    }

    static void Fill<T>(Tensor t, T value) where T : unmanaged
    {
        var kernel = new FillKernel<T>(t.Ptr<T>(), t.Count, value);
        Launch.Over((t.Count + FillKernel<T>.Block - 1) / FillKernel<T>.Block, FillKernel<T>.Block / 2, ref kernel);
        GC.KeepAlive(t);
    }

    struct FillKernel<T>(T* to, long n, T value) : IKernel where T : unmanaged
    {
        public const int Block = 8192;

        public readonly void Run<TLanes>(long begin, long end) where TLanes : unmanaged, ILanes<TLanes>
        {
            for (long block = begin; block < end; block++)
                new Span<T>(to + block * Block, (int)Math.Min(n - block * Block, Block)).Fill(value);
        }
    }
}
