using System.Runtime.InteropServices;

namespace TorchSharp.Core;

/// <summary>Aligned native memory by size class. Returned blocks are kept and handed out again.</summary>
internal static unsafe class Native
{
    const int Classes = 48;
    static readonly Stack<nint>[] Free = Enumerable.Range(0, Classes).Select(_ => new Stack<nint>()).ToArray();
    static long fresh;

    /// <summary>Blocks taken from the operating system so far.</summary>
    public static long FreshBlocks => Interlocked.Read(ref fresh);

    static int Class(long bytes)
    {
        int c = 6;
        while ((1L << c) < bytes) c++;
        return c;
    }

    public static nint Rent(long bytes)
    {
        int c = Class(bytes);
        Stack<nint> stack = Free[c];
        lock (stack)
        {
            if (stack.TryPop(out nint block)) return block;
        }
        Interlocked.Increment(ref fresh);
        return (nint)NativeMemory.AlignedAlloc((nuint)(1L << c), 64);
    }

    public static void Return(nint block, long bytes)
    {
        Stack<nint> stack = Free[Class(bytes)];
        lock (stack) stack.Push(block);
    }
}
