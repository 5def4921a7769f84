using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Sampling.Passes;

/// <summary>
/// Argmax, maximum and log of the sum of exponentials of each row of logits. On the CPU in two readings of each row, while it
/// is in the cache, where the library's operations would read and write the whole matrix five times; a row by itself and in
/// lanes of a fixed number, so that its neighbours, the number of threads and the width of the CPU's vectors have no part.
/// </summary>
internal static class RowSummary
{
    /// <summary>Rows that a thread takes at once.</summary>
    const int Rows = 16;

    /// <summary>Summarizes rows.</summary>
    /// <param name="logits">Contiguous; the column <paramref name="never"/> is set to minus infinity. // (R, V) float32</param>
    /// <param name="never">A token that is never emitted; -1 for none.</param>
    /// <param name="tokens">The most probable token, the first of equals. // (R)</param>
    /// <param name="best">Its logit. // (R)</param>
    /// <param name="normalizers">log of the sum of exp(logits). // (R)</param>
    public static void Of(Tensor logits, int never, int[] tokens, float[] best, float[] normalizers)
    {
        if (logits.device_type == TorchSharp.DeviceType.CPU)
        {
            OnCpu(logits, never, tokens, best, normalizers);
            return;
        }
        using var scope = NewDisposeScope();
        if (never >= 0) logits.narrow(1, never, 1).fill_(float.NegativeInfinity);
        var (max, argmax) = logits.max(1); // (R)
        max.cpu().data<float>().CopyTo(best.AsSpan(0, (int)logits.size(0)));
        logits.logsumexp(1).cpu().data<float>().CopyTo(normalizers.AsSpan(0, (int)logits.size(0)));
        long[] ids = argmax.cpu().data<long>().ToArray();
        for (int r = 0; r < ids.Length; r++) tokens[r] = (int)ids[r];
    }

    static unsafe void OnCpu(Tensor logits, int never, int[] tokens, float[] best, float[] normalizers)
    {
        int rows = (int)logits.size(0), width = (int)logits.size(1);
        fixed (byte* at = logits.bytes)
        {
            float* values = (float*)at;
            if ((long)rows * width < 1 << 16) Run(0, rows);
            else Parallel.For(0, (rows + Rows - 1) / Rows, new ParallelOptions { MaxDegreeOfParallelism = get_num_threads() },
                part => Run(part * Rows, Math.Min(rows, (part + 1) * Rows)));

            void Run(int from, int to)
            {
                for (int r = from; r < to; r++)
                {
                    var row = new Span<float>(values + (long)r * width, width);
                    if (never >= 0) row[never] = float.NegativeInfinity;
                    float max = best[r] = Max(row);
                    tokens[r] = Math.Max(0, row.IndexOf(max)); // a row of no numbers has none: its sum tells
                    normalizers[r] = max + MathF.Log(SumOfExp(row, max));
                }
            }
        }
    }

    // Compiled for good at the first call: the runtime's first version of vector code calls a function for each operation, and a run of
    // some seconds was half over before it had another.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static float Max(ReadOnlySpan<float> row)
    {
        var lanes = MemoryMarshal.Cast<float, Vector512<float>>(row);
        var most = Vector512.Create(float.NegativeInfinity);
        foreach (var values in lanes) most = Vector512.Max(most, values);
        float max = float.NegativeInfinity;
        for (int i = 0; i < Vector512<float>.Count; i++) max = MathF.Max(max, most[i]);
        foreach (float value in row[(lanes.Length * Vector512<float>.Count)..]) max = MathF.Max(max, value);
        return max;
    }

    /// <summary>Effectively computes <c>row.Sum(x => exp(x - max))</c>; not a number where the row holds one that isn't finite.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static float SumOfExp(ReadOnlySpan<float> row, float max)
    {
        var lanes = MemoryMarshal.Cast<float, Vector512<float>>(row);
        Vector512<float> sum = default, highest = Vector512.Create(max);
        foreach (var values in lanes) sum += Vector512.Exp(values - highest);
        float total = 0;
        for (int i = 0; i < Vector512<float>.Count; i++) total += sum[i];
        foreach (float value in row[(lanes.Length * Vector512<float>.Count)..]) total += MathF.Exp(value - max);
        return total;
    }
}
