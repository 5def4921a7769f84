using static TorchSharp.torch;

namespace TorchSharp.Core;

/// <summary>Writes under a mask.</summary>
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

    static void Run<T>(Tensor target, Tensor mask, Tensor source) where T : unmanaged
    {
        var body = new Body<T> { Mask = mask.Ptr<byte>(), From = source.Ptr<T>(), To = target.Ptr<T>() };
        StrideWalk.Run(target.sizes, Shapes.ExpandedStrides(mask, target.sizes), Shapes.ExpandedStrides(source, target.sizes), target.strides, ref body);
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
                for (long i = 0; i < n; i++) to[i] = mask[i] != 0 ? value : to[i];
                return;
            }
            for (long i = 0; i < n; i++)
                if (mask[i * sa] != 0) to[i * sc] = from[i * sb];
        }
    }
}
