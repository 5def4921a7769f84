using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace DiffusionBatch.Diffusion.Randomness;

/// <summary>
/// Dropout's masks from a counter-based stream: element i is dropped where the 16 bits number i mod 4 of the stream's word i / 4
/// are below the share, in 65,536ths. So a mask is a function of its stream and its elements' numbers alone, whatever made it.
/// </summary>
static class KeepMask
{
    const int Levels = 1 << 16, Chunk = 1 << 15, Buffer = 512;

    /// <summary>How many of the 65,536 values of an element's bits drop it: at least one, and not all.</summary>
    public static int Dropped(double share) => Math.Clamp((int)Math.Round(share * Levels), 1, Levels - 1);

    /// <summary>What the kept elements are multiplied by, so that the mean stays: 1 / the share that is kept, exactly.</summary>
    public static double Scale(double share) => (double)Levels / (Levels - Dropped(share));

    /// <summary>Fills a mask on several threads.</summary>
    /// <typeparam name="T">A type of 4 or 2 bytes, such as float, or ushort for bfloat16's bits.</typeparam>
    /// <param name="draws">The stream.</param>
    /// <param name="share">What is dropped of all, in (0, 1).</param>
    /// <param name="mask">Receives <paramref name="kept"/> or 0. Memory that doesn't move.</param>
    /// <param name="kept">What stands for a kept element.</param>
    /// <param name="threads">At most so many threads.</param>
    public static unsafe void Fill<T>(CounterRandom draws, double share, Span<T> mask, T kept, int threads)
        where T : unmanaged
    {
        int chunks = (mask.Length + Chunk - 1) / Chunk, count = mask.Length;
        if (chunks <= 1 || threads <= 1)
        {
            Fill(draws, 0, Dropped(share), mask, kept);
            return;
        }
        var start = (nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(mask));
        Parallel.For(0, chunks, new ParallelOptions { MaxDegreeOfParallelism = threads }, chunk =>
            Fill(draws, (long)chunk * Chunk, Dropped(share),
                new Span<T>((T*)start + (long)chunk * Chunk, Math.Min(Chunk, count - chunk * Chunk)), kept));
    }

    /// <summary>The elements from number <paramref name="first"/> on, a multiple of 4.</summary>
    static void Fill<T>(CounterRandom draws, long first, int dropped, Span<T> mask, T kept)
        where T : unmanaged
    {
        Span<ulong> words = stackalloc ulong[Buffer];
        for (int at = 0; at < mask.Length; at += 4 * Buffer)
        {
            var part = mask.Slice(at, Math.Min(4 * Buffer, mask.Length - at));
            draws.Bits((first + at) / 4, words[..((part.Length + 3) / 4)]);
            Compare(MemoryMarshal.Cast<ulong, ushort>(words), (ushort)dropped, part, kept);
        }
    }

    static void Compare<T>(ReadOnlySpan<ushort> bits, ushort dropped, Span<T> mask, T kept)
        where T : unmanaged
    {
        int i = 0;
        var threshold = new Vector<ushort>(dropped);
        if (Unsafe.SizeOf<T>() == sizeof(ushort))
        {
            var value = new Vector<ushort>(Unsafe.BitCast<T, ushort>(kept));
            for (; i <= mask.Length - Vector<ushort>.Count; i += Vector<ushort>.Count)
                (Vector.GreaterThanOrEqual(new Vector<ushort>(bits[i..]), threshold) & value).As<ushort, T>().CopyTo(mask[i..]);
        }
        else if (Unsafe.SizeOf<T>() == sizeof(int))
        {
            var value = new Vector<int>(Unsafe.BitCast<T, int>(kept));
            for (; i <= mask.Length - Vector<ushort>.Count; i += Vector<ushort>.Count)
            {
                // Kept lanes are all ones, of which a signed widening makes all ones again.
                Vector.Widen(Vector.GreaterThanOrEqual(new Vector<ushort>(bits[i..]), threshold).As<ushort, short>(), out var low,
                    out var high);
                (low & value).As<int, T>().CopyTo(mask[i..]);
                (high & value).As<int, T>().CopyTo(mask[(i + Vector<int>.Count)..]);
            }
        }
        for (; i < mask.Length; i++) mask[i] = bits[i] >= dropped ? kept : default;
    }
}
