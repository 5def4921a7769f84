using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TorchSharp.Kernels;

/// <summary>Lays a slice of a matrix out in the order in which the tiles read it: target[k * width + i].</summary>
internal static unsafe class GemmPack
{
    /// <summary>
    /// Packs <paramref name="count"/> of <paramref name="width"/> lines over <paramref name="depth"/> steps of k; the lines
    /// beyond count become 0. Element (i, k) is at source[i * ld + k] where <paramref name="alongK"/>, else at source[k * ld + i].
    /// </summary>
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

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Transpose(float* source, nint ld, int count, int width, nint depth, float* target)
    {
        int i = 0;
        for (; i <= count - 4; i += 4)
        {
            float* s0 = source + (i * ld);
            float* s1 = s0 + ld;
            float* s2 = s1 + ld;
            float* s3 = s2 + ld;
            float* t = target + i;
            nint k = 0;
            for (; k <= depth - 4; k += 4)
            {
                var r0 = Vector128.Load(s0 + k);
                var r1 = Vector128.Load(s1 + k);
                var r2 = Vector128.Load(s2 + k);
                var r3 = Vector128.Load(s3 + k);
                var a = Low(r0, r2);  // r0[0] r2[0] r0[1] r2[1]
                var b = Low(r1, r3);
                var c = High(r0, r2);
                var d = High(r1, r3);
                Low(a, b).Store(t);
                High(a, b).Store(t + width);
                Low(c, d).Store(t + (2 * width));
                High(c, d).Store(t + (3 * width));
                t += 4 * width;
            }

            for (; k < depth; k++, t += width)
            {
                t[0] = s0[k];
                t[1] = s1[k];
                t[2] = s2[k];
                t[3] = s3[k];
            }
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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Low(Vector128<float> x, Vector128<float> y) =>
        System.Runtime.Intrinsics.X86.Sse.IsSupported
            ? System.Runtime.Intrinsics.X86.Sse.UnpackLow(x, y)
            : Vector128.Create(x[0], y[0], x[1], y[1]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> High(Vector128<float> x, Vector128<float> y) =>
        System.Runtime.Intrinsics.X86.Sse.IsSupported
            ? System.Runtime.Intrinsics.X86.Sse.UnpackHigh(x, y)
            : Vector128.Create(x[2], y[2], x[3], y[3]);
}
