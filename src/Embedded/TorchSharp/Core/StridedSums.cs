using System.Numerics;
using static TorchSharp.torch;

namespace TorchSharp.Core;

/// <summary>Adds one window to another element by element, in row-major order, so that places which overlap add up.</summary>
internal static unsafe class StridedSums
{
    /// <summary>to += from, of one shape and type.</summary>
    public static void Add(Tensor from, Tensor to)
    {
        switch (to.type)
        {
            case ScalarType.Float32: Run<float>(from, to); break;
            case ScalarType.Float64: Run<double>(from, to); break;
            case ScalarType.Float16: Run<Half>(from, to); break;
            default: throw new InvalidOperationException($"Gradients of {to.type} are not summed over overlapping views.");
        }
        GC.KeepAlive(from);
        GC.KeepAlive(to);
    }

    static void Run<T>(Tensor from, Tensor to) where T : unmanaged, INumber<T>
    {
        var body = new Body<T> { From = from.Ptr<T>(), To = to.Ptr<T>() };
        StrideWalk.Run(to.sizes, from.strides, to.strides, to.strides, ref body);
    }

    struct Body<T> : IWalkBody where T : unmanaged, INumber<T>
    {
        public T* From, To;

        public readonly void Run(long a, long b, long c, long strideA, long strideB, long strideC, long count)
        {
            for (long i = 0; i < count; i++) To[b + i * strideB] += From[a + i * strideA];
        }
    }
}
