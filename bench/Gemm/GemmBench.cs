using System.Globalization;
using TorchSharp.Kernels;

namespace DiffusionBatch.Bench;

/// <summary>Matrix products of this project's shapes: GFLOP/s, share of the machine's peak, and OpenBLAS beside it.</summary>
internal static unsafe class GemmBench
{
    internal static int Run(string filter = "")
    {
        if (CpuPath.Best == SimdLevel.Avx512 && Environment.GetEnvironmentVariable("OPENBLAS_CORETYPE") is null)
            _ = SetEnvironment("OPENBLAS_CORETYPE", "SkylakeX", 1); // its AVX-512 kernels also where it does not know the CPU
        var peer = OpenBlas.Find();
        double peak = Peak.Measure();
        Say($"{CpuPath.Level}, {Environment.ProcessorCount} cores; peak of one core {peak:F0} GFLOP/s; peer: {peer?.Name ?? "OpenBLAS is absent (apt install libopenblas0-pthread)"}");
        Say($"medians, best in brackets; 'reused' is a right factor that was packed before, as a layer's weight in inference");
        Say($"{"m x n x k",-22} {"op",3} {"threads",7} {"GFLOP/s",18} {"of peak",8} {"GB/s",6} {"peer",18} {"ratio",14}");
        foreach (var shape in GemmShape.All.Where(s => $"{s} {(s.TransA ? "T" : "N")}{(s.TransB ? "T" : "N")}".Contains(filter, StringComparison.Ordinal)))
        {
            foreach (int threads in new[] { 1, 2 })
                Time(shape, threads, peak, peer);
        }

        WorkPool.Threads = Environment.ProcessorCount;
        return 0;
    }

    private static void Time(GemmShape shape, int threads, double peak, OpenBlas? peer)
    {
        var (m, n, k, transA, transB, batch) = shape;
        nint sizeA = (nint)m * k, sizeB = (nint)k * n, sizeC = (nint)m * n;
        float* a = Random(batch * sizeA, 1), b = Random(batch * sizeB, 2), c = Random(batch * sizeC, 3);
        WorkPool.Threads = threads;
        peer?.SetThreads(batch > 1 ? 1 : threads);
        Action ours = batch > 1
            ? () => BatchedGemm.Run(batch, m, n, k, a, sizeA, transA ? m : k, transA, b, sizeB, transB ? k : n, transB, c, sizeC, n)
            : () => Gemm.Run(m, n, k, a, transA ? m : k, transA, b, transB ? k : n, transB, c, n);
        Action theirs = batch > 1
            ? () => WorkPool.For(threads, i =>
            {
                // Its threads would share each small product: here each thread has its own part of the batch.
                for (int j = batch * i / threads; j < batch * (i + 1) / threads; j++)
                    peer!.Multiply(m, n, k, a + (j * sizeA), transA, b + (j * sizeB), transB, c + (j * sizeC));
            })
            : m == 1 ? () => peer!.MultiplyRow(n, k, a, b, transB, c)
            : () => peer!.Multiply(m, n, k, a, transA, b, transB, c);
        var times = Clock.Measure(peer is null ? [ours] : [ours, theirs]);
        Line(shape, "", threads, peak, times);
        if (shape.Reused)
        {
            var packed = new PackedMatrix(b, transB ? k : n, transB, n, k);
            var problem = new GemmProblem { M = m, N = n, K = k, A = a, LdA = transA ? m : k, TransA = transA, C = c, LdC = n, Packed = packed.Data };
            ours = () => Gemm.Run(problem);
            Line(shape, " reused", threads, peak, Clock.Measure(peer is null ? [ours] : [ours, theirs]));
            packed.Release();
        }

        BufferPool.ReturnFloats(a, batch * sizeA);
        BufferPool.ReturnFloats(b, batch * sizeB);
        BufferPool.ReturnFloats(c, batch * sizeC);
    }

    private static void Line(GemmShape shape, string note, int threads, double peak, ReadOnlySpan<Timing> times)
    {
        double flops = shape.Flops / 1e9;
        string line = string.Create(CultureInfo.InvariantCulture, $"{shape,-22} {(shape.TransA ? "T" : "N")}{(shape.TransB ? "T" : "N"),-2} {threads,7} {$"{flops / times[0].Median:F1} ({flops / times[0].Best:F1})",18} {flops / times[0].Median / peak / threads,8:P0} {shape.Bytes / times[0].Median / 1e9,6:F0}");
        if (times.Length > 1)
            line += string.Create(CultureInfo.InvariantCulture, $" {$"{flops / times[1].Median:F1} ({flops / times[1].Best:F1})",18} {$"{times[1].Median / times[0].Median:F2} ({times[1].Best / times[0].Best:F2})",14}{note}");
        Console.WriteLine(line);
    }

    private static float* Random(long count, int seed)
    {
        float* x = BufferPool.RentFloats(count);
        var random = new Random(seed);
        for (long i = 0; i < count; i++)
            x[i] = (float)random.NextDouble() - 0.5f;
        return x;
    }

    private static void Say(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));

    [System.Runtime.InteropServices.DllImport("libc", EntryPoint = "setenv", CharSet = System.Runtime.InteropServices.CharSet.Ansi)]
    private static extern int SetEnvironment(string name, string value, int overwrite);
}
