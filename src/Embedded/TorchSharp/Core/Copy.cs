using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using TorchSharp.Kernels;
using static TorchSharp.torch;

namespace TorchSharp.Core;

/// <summary>Copies elements between windows of any strides.</summary>
internal static unsafe class Copy
{
    /// <summary>Copies <paramref name="source"/>, broadcast and converted as needed, into every element of <paramref name="target"/>.</summary>
    public static void Elements(Tensor source, Tensor target)
    {
        long[] from = Shapes.ExpandedStrides(source, target.sizes);
        if (source.type != target.type)
        {
            using Tensor dense = source.Dense();
            using Tensor converted = Tensor.Create(source.sizes, target.type, false);
            Casting.Run(dense, converted);
            Elements(converted, target);
            return;
        }
        long bytes = target.Count * Dtypes.Size(target.type);
        if (source.sizes.AsSpan().SequenceEqual(target.sizes) && source.is_contiguous() && target.is_contiguous())
        {
            Bytes(source.Data, target.Data, bytes);
            GC.KeepAlive(source); // a tensor that nobody holds any more must not be collected under the copy
            GC.KeepAlive(target);
            return;
        }
        switch (Dtypes.Size(target.type))
        {
            case 1: Run<byte>(source, from, target); break;
            case 2: Run<ushort>(source, from, target); break;
            case 4: Run<uint>(source, from, target); break;
            case 8: Run<ulong>(source, from, target); break;
            default: Run<UInt128>(source, from, target); break;
        }
        GC.KeepAlive(source);
        GC.KeepAlive(target);
    }

    /// <summary>Every element 0, in place and unrecorded; of dense memory at once.</summary>
    public static void Zero(Tensor target)
    {
        if (!target.is_contiguous())
        {
            target.zero_();
            return;
        }
        target.buffer!.Touch();
        Numbers.Write(target, 0L);
    }

    static void Bytes(byte* source, byte* target, long bytes)
    {
        var kernel = new ByteKernel(source, target, bytes);
        Launch.Over((bytes + ByteKernel.Block - 1) / ByteKernel.Block, ByteKernel.Block / sizeof(float), ref kernel);
    }

    static void Run<T>(Tensor source, long[] from, Tensor target) where T : unmanaged
    {
        var body = new Body<T> { From = source.Ptr<T>(), To = target.Ptr<T>() };
        StrideWalk.Spread(target.sizes, from, target.strides, target.strides, ref body);
    }

    struct ByteKernel(byte* source, byte* target, long bytes) : IKernel
    {
        public const long Block = 1 << 16;

        public readonly void Run<T>(long begin, long end) where T : unmanaged, ILanes<T>
        {
            long first = begin * Block, count = Math.Min(bytes, end * Block) - first;
            System.Buffer.MemoryCopy(source + first, target + first, count, count);
        }
    }

    struct Body<T> : IWalkBody where T : unmanaged
    {
        /// <summary>Bytes up to which a run is copied here: the call of a general copy would take as long as the copy.</summary>
        const long Short = 1024;

        public T* From, To;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Run(long a, long b, long c, long strideA, long strideB, long strideC, long count)
        {
            T* from = From + a;
            T* to = To + b;
            if (strideA == 1 && strideB == 1 && count * sizeof(T) <= Short) Vectors((byte*)from, (byte*)to, count * sizeof(T));
            else if (strideA == 1 && strideB == 1) new ReadOnlySpan<T>(from, (int)count).CopyTo(new Span<T>(to, (int)count));
            else if (strideA == 0 && strideB == 1) new Span<T>(to, (int)count).Fill(*from);
            else
                for (long i = 0; i < count; i++) to[i * strideB] = from[i * strideA];
        }

        static void Vectors(byte* from, byte* to, long bytes)
        {
            long i = 0;
            for (; i <= bytes - 32; i += 32) Vector256.Load(from + i).Store(to + i);
            for (; i < bytes; i += sizeof(T)) *(T*)(to + i) = *(T*)(from + i);
        }
    }
}
