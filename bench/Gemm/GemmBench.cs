using System.Globalization;
using System.Runtime.InteropServices;
using TorchSharp.Kernels;

namespace DiffusionBatch.Bench;

/// <summary>
/// Matrix products of this project's shapes beside OpenBLAS, in turn: GFLOP/s, share of the peak, and bytes per second,
/// which bound the products of few rows. A packed right factor is one that was met before, as a layer's weight in inference.
/// </summary>
internal static unsafe class GemmBench
{
    private static readonly Report s_report = new(
        ("m x n x k", -22), ("op", -3), ("B", -6), ("threads", 7), ("GFLOP/s", 8), ("best", 7), ("of peak", 8), ("GB/s", 7), ("peer", 8), ("peer best", 9), ("ratio", 6), ("of bests", 8));

    internal static int Run(BenchOptions options)
    {
        // The environment is read when the library loads.
        if (Machine.OpenBlasKernels is { } kernels)
            _ = SetEnvironment("OPENBLAS_CORETYPE", kernels, 1);
        var peer = OpenBlas.Find();
        double peak = Peak.Measure();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Machine.Description}; peak of one core {peak:F0} GFLOP/s; peer: {peer?.Name ?? "OpenBLAS is absent (apt install libopenblas0-pthread)"}"));
        foreach (var shape in GemmShape.All.Where(s => options.Wants(s.Name)))
        {
            foreach (int threads in new[] { 1, options.Threads }.Distinct())
                Time(shape, threads, peak, peer, options.Runs);
        }

        WorkPool.Threads = Environment.ProcessorCount;
        s_report.Save(options, peer?.Name);
        return 0;
    }

    private static void Time(GemmShape shape, int threads, double peak, OpenBlas? peer, int? runs)
    {
        var (m, n, k, transA, transB, batch) = shape;
        nint sizeA = (nint)m * k, sizeB = (nint)k * n, sizeC = (nint)m * n;
        float* a = Random(batch * sizeA, 1), b = Random(batch * sizeB, 2), c = Random(batch * sizeC, 3);
        WorkPool.Threads = threads;
        peer?.SetThreads(batch > 1 ? 1 : threads);
        var problem = new GemmProblem { M = m, N = n, K = k, A = a, LdA = transA ? m : k, TransA = transA, B = b, LdB = transB ? k : n, TransB = transB, C = c, LdC = n };
        Action theirs = batch > 1 ? Batch : m == 1 ? () => peer!.MultiplyRow(n, k, a, b, transB, c) : () => peer!.Multiply(m, n, k, a, transA, b, transB, c);
        Row("plain", batch > 1
            ? () => BatchedGemm.Run(batch, m, n, k, a, sizeA, problem.LdA, transA, b, sizeB, problem.LdB, transB, c, sizeC, n)
            : () => Gemm.Run(problem));
        if (shape.Reused)
        {
            var packed = new PackedMatrix(b, problem.LdB, transB, n, k);
            problem.Packed = packed.Data;
            Row("packed", () => Gemm.Run(problem));
            packed.Release();
        }

        BufferPool.ReturnFloats(a, batch * sizeA);
        BufferPool.ReturnFloats(b, batch * sizeB);
        BufferPool.ReturnFloats(c, batch * sizeC);

        // Its own threads would share each small product: here each thread has a part of the batch.
        void Batch() => WorkPool.For(threads, i =>
        {
            for (int j = batch * i / threads; j < batch * (i + 1) / threads; j++)
                peer!.Multiply(m, n, k, a + (j * sizeA), transA, b + (j * sizeB), transB, c + (j * sizeC));
        });

        void Row(string form, Action ours)
        {
            var times = Clock.Measure(peer is null ? [ours] : [ours, theirs], 0.4, runs, settle: peer is not null && threads > 1);
            Timing mine = times[0];
            Timing? other = times.Length > 1 ? times[1] : null;
            double work = shape.Flops / 1e9;
            s_report.Row(shape.ToString(), shape.Transposition, form, threads, work / mine.Median, work / mine.Best, work / mine.Median / peak / threads, shape.Bytes / mine.Median / 1e9,
                work / other?.Median, work / other?.Best, other?.Median / mine.Median, other?.Best / mine.Best);
        }
    }

    private static float* Random(long count, int seed)
    {
        float* x = BufferPool.RentFloats(count);
        var random = new Random(seed);
        for (long i = 0; i < count; i++)
            x[i] = (float)random.NextDouble() - 0.5f;
        return x;
    }

    [DllImport("libc", EntryPoint = "setenv", CharSet = CharSet.Ansi)]
    private static extern int SetEnvironment(string name, string value, int overwrite);
}
