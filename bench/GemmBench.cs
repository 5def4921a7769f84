using System.Globalization;
using TorchSharp.Kernels;

namespace DiffusionBatch.Bench;

/// <summary>Matrix products of this project's shapes: GFLOP/s, share of the machine's peak, and OpenBLAS beside it.</summary>
internal static unsafe class GemmBench
{
    // rows, columns, depth, op(A), op(B): squares, then a hidden-256 transformer's forward, input and weight gradients, vocabulary, and few rows.
    private static readonly (int M, int N, int K, bool TransA, bool TransB)[] Shapes =
    [
        (1024, 1024, 1024, false, false),
        (4096, 256, 256, false, true),
        (4096, 1024, 256, false, true),
        (4096, 256, 1024, false, true),
        (4096, 256, 1024, false, false),
        (256, 256, 4096, true, false),
        (1024, 256, 4096, true, false),
        (2048, 8000, 256, false, true),
        (8000, 256, 2048, true, false),
        (1, 1024, 256, false, true),
        (8, 1024, 256, false, true),
        (32, 256, 256, false, true),
        (32, 1024, 256, false, true),
        (32, 8000, 256, false, true),
        (128, 256, 256, false, true),
    ];

    internal static int Run()
    {
        // The environment is read when the library loads: its AVX-512 kernels also where it does not know the CPU.
        Environment.SetEnvironmentVariable("OPENBLAS_CORETYPE", Environment.GetEnvironmentVariable("OPENBLAS_CORETYPE") ?? "SkylakeX");
        _ = SetEnvironment("OPENBLAS_CORETYPE", Environment.GetEnvironmentVariable("OPENBLAS_CORETYPE")!, 1);
        var peer = OpenBlas.Find();
        double peak = Peak.Measure();
        Say($"{CpuPath.Level}, {Environment.ProcessorCount} cores; peak of one core {peak:F0} GFLOP/s; peer: {peer?.Name ?? "OpenBLAS is absent (apt install libopenblas0-pthread)"}");
        Say($"{"m x n x k",-18} {"op",3} {"threads",7} {"GFLOP/s",9} {"best",7} {"of peak",8} {"peer",9} {"best",7} {"ratio",8} {"best",6}");
        foreach (var (m, n, k, transA, transB) in Shapes)
        {
            float* a = Random((long)m * k, 1), b = Random((long)k * n, 2), c = Random((long)m * n, 3);
            foreach (int threads in new[] { 1, 2 })
            {
                WorkPool.Threads = threads;
                double flops = 2.0 * m * n * k / 1e9;
                Action ours = () => Gemm.Run(m, n, k, a, transA ? m : k, transA, b, transB ? k : n, transB, c, n);
                peer?.SetThreads(threads);
                var times = Clock.Measure(peer is null ? [ours] : [ours, () => peer.Multiply(m, n, k, a, transA, b, transB, c)]);
                string line = string.Create(CultureInfo.InvariantCulture, $"{$"{m} x {n} x {k}",-18} {(transA ? "T" : "N")}{(transB ? "T" : "N"),-2} {threads,7} {flops / times[0].Median,9:F1} {flops / times[0].Best,7:F1} {flops / times[0].Best / peak / threads,8:P0}");
                if (peer is not null)
                    line += string.Create(CultureInfo.InvariantCulture, $" {flops / times[1].Median,9:F1} {flops / times[1].Best,7:F1} {times[1].Median / times[0].Median,8:F2} {times[1].Best / times[0].Best,6:F2}");
                Console.WriteLine(line);
            }

            BufferPool.ReturnFloats(a, (long)m * k);
            BufferPool.ReturnFloats(b, (long)k * n);
            BufferPool.ReturnFloats(c, (long)m * n);
        }

        return 0;
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
