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

    /// <summary>
    /// Packs neighbouring panels of the same width out of rows: panel t, of <paramref name="depth"/> steps, begins at
    /// target + t * width * depth. Every row is read once from end to end, whatever the distance between rows.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Panels<TTile>(float* source, nint ld, int panels, nint depth, float* target)
        where TTile : struct, IGemmTile
    {
        nint apart = TTile.Rows * depth;
        for (nint k = 0; k < depth; k++, source += ld, target += TTile.Rows)
        {
            float* from = source;
            float* to = target;
            for (int t = 0; t < panels; t++, from += TTile.Rows, to += apart)
            {
                if (Sse.IsSupported)
                    Sse.Prefetch0(from + (Ahead * ld));
                CopyLine(from, TTile.Rows, to);
            }
        }
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

            CopyLine(source, count, target);
            for (int i = count; i < width; i++)
                target[i] = 0f;
        }
    }

    /// <summary>Copies <paramref name="count"/> floats; where count is constant, this becomes a few loads and stores.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CopyLine(float* source, int count, float* target)
    {
        int i = 0;
        for (; i <= count - 8; i += 8)
            Vector256.Load(source + i).Store(target + i);
        if (i <= count - 4)
        {
            Vector128.Load(source + i).Store(target + i);
            i += 4;
        }

        if (i < count && count >= 4)
        {
            // The last four again, some of them for the second time.
            Vector128.Load(source + count - 4).Store(target + count - 4);
            return;
        }

        for (; i < count; i++)
            target[i] = source[i];
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
        if (i < count && count >= 4)
        {
            // The last four again, some of them for the second time.
            i = count - 4;
            PackTranspose.Four(source + (i * ld), ld, width, depth, target + i);
            i = count;
        }

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
