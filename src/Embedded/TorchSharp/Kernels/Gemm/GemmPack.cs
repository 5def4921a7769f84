using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TorchSharp.Kernels;

/// <summary>Lays a slice of a matrix out in the order in which the tiles read it: target[k * width + i].</summary>
internal static unsafe class GemmPack
{
    private const int Ahead = 12; // rows

    /// <summary>
    /// Packs <paramref name="count"/> of <paramref name="width"/> lines over <paramref name="depth"/> steps of k; the lines
    /// beyond count become 0. Element (i, k) is at source[i * ld + k] where <paramref name="alongK"/>, else at source[k * ld + i].
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Panel(float* source, nint ld, bool alongK, int count, int width, nint depth, float* target)
    {
        if (alongK)
            Transpose(source, ld, count, width, depth, target);
        else
            Copy(source, ld, count, width, depth, target);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Copy(float* source, nint ld, int count, int width, nint depth, float* target)
    {
        for (nint k = 0; k < depth; k++, source += ld, target += width)
        {
            if (Sse.IsSupported)
            {
                // Rows are apart by more than the hardware looks ahead.
                Sse.Prefetch0(source + (Ahead * ld));
                Sse.Prefetch0(source + (Ahead * ld) + count - 1);
            }

            int i = 0;
            for (; i <= count - 16; i += 16)
                Vector512.Load(source + i).Store(target + i);
            for (; i <= count - 4; i += 4)
                Vector128.Load(source + i).Store(target + i);
            for (; i < count; i++)
                target[i] = source[i];
            for (; i < width; i++)
                target[i] = 0f;
        }
    }

    // Groups of 16, 8 and 4 lines, each by transposing 4 x 4 within 128-bit lanes; then single lines and the zeros.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Transpose(float* source, nint ld, int count, int width, nint depth, float* target)
    {
        int i = 0;
        if (Avx512F.IsSupported)
        {
            for (; i <= count - 16; i += 16)
                PackTranspose.Sixteen(source + (i * ld), ld, width, depth, target + i);
        }

        if (Avx.IsSupported)
        {
            for (; i <= count - 8; i += 8)
                PackTranspose.Eight(source + (i * ld), ld, width, depth, target + i);
        }

        for (; i <= count - 4; i += 4)
            PackTranspose.Four(source + (i * ld), ld, width, depth, target + i);
        for (; i < count; i++)
        {
            float* s = source + (i * ld);
            for (nint k = 0; k < depth; k++)
                target[(k * width) + i] = s[k];
        }

        for (; i < width; i++)
        {
            for (nint k = 0; k < depth; k++)
                target[(k * width) + i] = 0f;
        }
    }
}
