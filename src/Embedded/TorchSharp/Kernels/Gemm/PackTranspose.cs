using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TorchSharp.Kernels;

/// <summary>target[k * width + i] = source[i * ld + k] for a group of lines i: four steps of k at a time, the rest singly.</summary>
internal static unsafe class PackTranspose
{
    /// <summary>Sixteen lines; needs AVX-512.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Sixteen(float* source, nint ld, int width, nint depth, float* target)
    {
        float* s0 = source;
        float* s4 = source + (4 * ld);
        float* s8 = source + (8 * ld);
        float* s12 = source + (12 * ld);
        nint k = 0;
        for (; k <= depth - 4; k += 4, s0 += 4, s4 += 4, s8 += 4, s12 += 4)
        {
            // 128-bit lane q of row r holds line 4 q + r.
            var r0 = Lines(s0, s4, s8, s12);
            var r1 = Lines(s0 + ld, s4 + ld, s8 + ld, s12 + ld);
            var r2 = Lines(s0 + (2 * ld), s4 + (2 * ld), s8 + (2 * ld), s12 + (2 * ld));
            var r3 = Lines(s0 + (3 * ld), s4 + (3 * ld), s8 + (3 * ld), s12 + (3 * ld));
            var a = Avx512F.UnpackLow(r0, r2);
            var b = Avx512F.UnpackLow(r1, r3);
            var c = Avx512F.UnpackHigh(r0, r2);
            var d = Avx512F.UnpackHigh(r1, r3);
            Avx512F.UnpackLow(a, b).Store(target);
            Avx512F.UnpackHigh(a, b).Store(target + width);
            Avx512F.UnpackLow(c, d).Store(target + (2 * width));
            Avx512F.UnpackHigh(c, d).Store(target + (3 * width));
            target += 4 * width;
        }

        Rest(source, ld, width, k, depth, 16, target);
    }

    /// <summary>Eight lines; needs AVX.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Eight(float* source, nint ld, int width, nint depth, float* target)
    {
        float* s0 = source;
        float* s4 = source + (4 * ld);
        nint k = 0;
        for (; k <= depth - 4; k += 4, s0 += 4, s4 += 4)
        {
            var r0 = Lines(s0, s4);
            var r1 = Lines(s0 + ld, s4 + ld);
            var r2 = Lines(s0 + (2 * ld), s4 + (2 * ld));
            var r3 = Lines(s0 + (3 * ld), s4 + (3 * ld));
            var a = Avx.UnpackLow(r0, r2);
            var b = Avx.UnpackLow(r1, r3);
            var c = Avx.UnpackHigh(r0, r2);
            var d = Avx.UnpackHigh(r1, r3);
            Avx.UnpackLow(a, b).Store(target);
            Avx.UnpackHigh(a, b).Store(target + width);
            Avx.UnpackLow(c, d).Store(target + (2 * width));
            Avx.UnpackHigh(c, d).Store(target + (3 * width));
            target += 4 * width;
        }

        Rest(source, ld, width, k, depth, 8, target);
    }

    /// <summary>Four lines, on any platform.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Four(float* source, nint ld, int width, nint depth, float* target)
    {
        float* s = source;
        nint k = 0;
        for (; k <= depth - 4; k += 4, s += 4)
        {
            var r0 = Vector128.Load(s);
            var r1 = Vector128.Load(s + ld);
            var r2 = Vector128.Load(s + (2 * ld));
            var r3 = Vector128.Load(s + (3 * ld));
            var a = Low(r0, r2);
            var b = Low(r1, r3);
            var c = High(r0, r2);
            var d = High(r1, r3);
            Low(a, b).Store(target);
            High(a, b).Store(target + width);
            Low(c, d).Store(target + (2 * width));
            High(c, d).Store(target + (3 * width));
            target += 4 * width;
        }

        Rest(source, ld, width, k, depth, 4, target);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rest(float* source, nint ld, int width, nint k, nint depth, int lines, float* target)
    {
        for (; k < depth; k++, target += width)
        {
            for (int i = 0; i < lines; i++)
                target[i] = source[(i * ld) + k];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Lines(float* a, float* b, float* c, float* d)
    {
        var v = Vector128.Load(a).ToVector256Unsafe().ToVector512Unsafe();
        v = Avx512F.InsertVector128(v, Vector128.Load(b), 1);
        v = Avx512F.InsertVector128(v, Vector128.Load(c), 2);
        return Avx512F.InsertVector128(v, Vector128.Load(d), 3);
    }

    /// <summary>Four floats at either address. A broadcast is a load and a blend goes through any port, while Zen 3 inserts but one vector a cycle.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector256<float> Lines(float* a, float* b) =>
        Avx.Blend(Vector128.Load(a).ToVector256Unsafe(), Avx.BroadcastVector128ToVector256(b), 0xF0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Low(Vector128<float> x, Vector128<float> y) =>
        Sse.IsSupported ? Sse.UnpackLow(x, y) : Vector128.Create(x[0], y[0], x[1], y[1]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> High(Vector128<float> x, Vector128<float> y) =>
        Sse.IsSupported ? Sse.UnpackHigh(x, y) : Vector128.Create(x[2], y[2], x[3], y[3]);
}
