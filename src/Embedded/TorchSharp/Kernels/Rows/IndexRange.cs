using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TorchSharp.Kernels;

/// <summary>Whether indices name places.</summary>
internal static unsafe class IndexRange
{
    /// <summary>Where the first of <paramref name="count"/> indices is that is not in 0..<paramref name="size"/> - 1; -1 where all are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static long FirstOutside(long* indices, long count, long size)
    {
        // Below 0 the index has its sign bit, above size - 1 the difference.
        var last = Vector256.Create(size - 1);
        long i = 0;
        for (; i <= count - 16; i += 16)
        {
            Vector256<long> a = Vector256.Load(indices + i), b = Vector256.Load(indices + i + 4), c = Vector256.Load(indices + i + 8), d = Vector256.Load(indices + i + 12);
            var outside = (a | (last - a)) | (b | (last - b)) | (c | (last - c)) | (d | (last - d));
            if (outside.ExtractMostSignificantBits() != 0)
                break;
        }

        for (; i < count; i++)
        {
            if ((ulong)indices[i] >= (ulong)size)
                return i;
        }

        return -1;
    }
}
