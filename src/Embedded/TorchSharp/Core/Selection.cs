using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using TorchSharp.Kernels;
using static TorchSharp.torch;

namespace TorchSharp.Core;

/// <summary>Writes and choices under a mask.</summary>
internal static unsafe class Selection
{
    /// <summary>target = source wherever the mask, broadcast, holds; both of one type.</summary>
    public static void Fill(Tensor target, Tensor mask, Tensor source)
    {
        switch (Dtypes.Size(target.type))
        {
            case 1: Run<byte>(target, mask, source); break;
            case 2: Run<ushort>(target, mask, source); break;
            case 4: Run<uint>(target, mask, source); break;
            default: Run<ulong>(target, mask, source); break;
        }
        GC.KeepAlive(mask);
        GC.KeepAlive(source);
    }

    /// <summary>
    /// result = mask ? x : y in one pass, where the mask has the result's shape, x and y that or one element, and all of
    /// them are dense and of the result's type; false where it isn't so.
    /// </summary>
    public static bool Choose(Tensor result, Tensor mask, Tensor x, Tensor y)
    {
        if (!Whole(mask) || !(Whole(x) || x.Count == 1) || !(Whole(y) || y.Count == 1) || x.type != result.type || y.type != result.type) return false;
        switch (Dtypes.Size(result.type))
        {
            case 4: Choose<uint>(result, mask, x, y); break;
            case 8: Choose<ulong>(result, mask, x, y); break;
            default: return false;
        }
        GC.KeepAlive(mask);
        GC.KeepAlive(x);
        GC.KeepAlive(y);
        return true;

        bool Whole(Tensor t) => t.sizes.AsSpan().SequenceEqual(result.sizes) && t.is_contiguous();
    }

    static void Choose<T>(Tensor result, Tensor mask, Tensor x, Tensor y) where T : unmanaged
    {
        var kernel = new ChoiceKernel<T>(mask.Ptr<byte>(), x.Ptr<T>(), x.Count == 1 ? 0 : 1, y.Ptr<T>(), y.Count == 1 ? 0 : 1, result.Ptr<T>(), result.Count);
        Launch.Over((result.Count + ChoiceKernel<T>.Block - 1) / ChoiceKernel<T>.Block, 2 * ChoiceKernel<T>.Block, ref kernel);
    }

    static void Run<T>(Tensor target, Tensor mask, Tensor source) where T : unmanaged
    {
        var body = new Body<T> { Mask = mask.Ptr<byte>(), From = source.Ptr<T>(), To = target.Ptr<T>() };
        long[] masks = Shapes.ExpandedStrides(mask, target.sizes), sources = Shapes.ExpandedStrides(source, target.sizes);
        StrideWalk.Spread(target.sizes, masks, sources, target.strides, ref body);
    }

    /// <summary>a where the byte is not 0, else b, without a branch that a random mask would mislead.</summary>
    static T Pick<T>(byte mask, T a, T b) where T : unmanaged
    {
        long all = -(long)mask >> 63;
        if (sizeof(T) == 4)
        {
            uint m = (uint)all, v = (*(uint*)&a & m) | (*(uint*)&b & ~m);
            return *(T*)&v;
        }
        if (sizeof(T) == 8)
        {
            ulong m = (ulong)all, v = (*(ulong*)&a & m) | (*(ulong*)&b & ~m);
            return *(T*)&v;
        }
        return mask != 0 ? a : b;
    }

    struct ChoiceKernel<T>(byte* mask, T* x, long stepX, T* y, long stepY, T* to, long n) : IKernel where T : unmanaged
    {
        public const long Block = 4096;

        public readonly void Run<TLanes>(long begin, long end) where TLanes : unmanaged, ILanes<TLanes>
        {
            long i = begin * Block, last = Math.Min(n, end * Block);
            if (sizeof(T) == 4) i = Vectors(i, last);
            for (; i < last; i++) to[i] = Pick(mask[i], x[i * stepX], y[i * stepY]);
        }

        /// <summary>From i on 32 elements of 4 bytes at a time; where it ends.</summary>
        readonly long Vectors(long i, long last)
        {
            Vector256<uint> a = Vector256.Create(*(uint*)x), b = Vector256.Create(*(uint*)y);
            for (; i <= last - 32; i += 32)
            {
                (Vector256<ushort> low, Vector256<ushort> high) = Vector256.Widen(Vector256.Load(mask + i));
                (Vector256<uint> m0, Vector256<uint> m1) = Vector256.Widen(low);
                (Vector256<uint> m2, Vector256<uint> m3) = Vector256.Widen(high);
                Eight(i, m0, a, b);
                Eight(i + 8, m1, a, b);
                Eight(i + 16, m2, a, b);
                Eight(i + 24, m3, a, b);
            }
            return i;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        readonly void Eight(long i, Vector256<uint> mask, Vector256<uint> a, Vector256<uint> b)
        {
            if (stepX == 1) a = Vector256.Load((uint*)x + i);
            if (stepY == 1) b = Vector256.Load((uint*)y + i);
            Vector256.ConditionalSelect(Vector256.Equals(mask, Vector256<uint>.Zero), b, a).Store((uint*)to + i);
        }
    }

    struct Body<T> : IWalkBody where T : unmanaged
    {
        public byte* Mask;
        public T* From, To;

        public readonly void Run(long a, long b, long c, long sa, long sb, long sc, long n)
        {
            byte* mask = Mask + a;
            T* from = From + b;
            T* to = To + c;
            if (sa == 1 && sc == 1 && sb == 0)
            {
                T value = *from;
                for (long i = 0; i < n; i++) to[i] = Pick(mask[i], value, to[i]);
                return;
            }
            for (long i = 0; i < n; i++)
                if (mask[i * sa] != 0) to[i * sc] = from[i * sb];
        }
    }
}
