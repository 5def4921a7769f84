using System.Numerics;
using System.Runtime.InteropServices;

namespace TorchSharp.Kernels;

/// <summary>
/// Native memory, 64-byte aligned, kept for the next tenant: four size classes to each doubling, so at most a quarter is
/// wasted. Contents are whatever the last tenant left. Safe from any thread.
/// </summary>
internal static unsafe class BufferPool
{
    private const int Alignment = 64;
    private const int SmallestLog2 = 8;
    private const int Classes = 4 * (48 - SmallestLog2);
    private static readonly Stack<nint>[] s_free = [.. Enumerable.Range(0, Classes).Select(_ => new Stack<nint>())];
    private static long s_live;
    private static long s_total;
    private static long s_fresh;

    /// <summary>Bytes handed out and not yet returned (rounded up to their classes).</summary>
    internal static long LiveBytes => Interlocked.Read(ref s_live);

    /// <summary>Bytes taken from the system: live ones and those waiting for a tenant.</summary>
    internal static long TotalBytes => Interlocked.Read(ref s_total);

    /// <summary>How many buffers were taken from the system since the program started: in a steady state it stands still.</summary>
    internal static long FreshBuffers => Interlocked.Read(ref s_fresh);

    /// <summary>A buffer of at least <paramref name="bytes"/> bytes.</summary>
    /// <exception cref="OutOfMemoryException">When the system has no more.</exception>
    internal static void* Rent(long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        int index = ClassOf(bytes, out long size);
        Interlocked.Add(ref s_live, size);
        lock (s_free[index])
        {
            if (s_free[index].TryPop(out nint free))
                return (void*)free;
        }

        try
        {
            void* fresh = NativeMemory.AlignedAlloc((nuint)size, Alignment);
            Interlocked.Add(ref s_total, size);
            Interlocked.Increment(ref s_fresh);
            return fresh;
        }
        catch (OutOfMemoryException)
        {
            Interlocked.Add(ref s_live, -size);
            Trim();
            throw;
        }
    }

    /// <summary><paramref name="count"/> floats.</summary>
    internal static float* RentFloats(long count) => (float*)Rent(count * sizeof(float));

    /// <summary>Gives back a buffer that was rented with the same <paramref name="bytes"/>.</summary>
    internal static void Return(void* buffer, long bytes)
    {
        int index = ClassOf(bytes, out long size);
        Interlocked.Add(ref s_live, -size);
        lock (s_free[index])
            s_free[index].Push((nint)buffer);
    }

    /// <summary>Gives back what <see cref="RentFloats"/> lent.</summary>
    internal static void ReturnFloats(float* buffer, long count) => Return(buffer, count * sizeof(float));

    /// <summary>Returns all waiting buffers to the system.</summary>
    internal static void Trim()
    {
        for (int index = 0; index < Classes; index++)
        {
            lock (s_free[index])
            {
                while (s_free[index].TryPop(out nint free))
                {
                    NativeMemory.AlignedFree((void*)free);
                    Interlocked.Add(ref s_total, -SizeOf(index));
                }
            }
        }
    }

    private static int ClassOf(long bytes, out long size)
    {
        // Sizes (4 + q) 2^(e - 2) for q in 0..3 and e from SmallestLog2 up.
        long last = Math.Max(bytes, 1L << SmallestLog2) - 1;
        int log2 = BitOperations.Log2((ulong)last);
        int quarter = (int)((last >> (log2 - 2)) & 3);
        int index = (4 * (log2 - SmallestLog2)) + quarter + 1;
        size = SizeOf(index);
        return index;
    }

    private static long SizeOf(int index) => (4L + (index & 3)) << ((index >> 2) + SmallestLog2 - 2);
}
