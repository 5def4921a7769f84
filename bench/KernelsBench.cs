using System.Globalization;
using TorchSharp.Kernels;
// DiffusionBatch.Functions is a namespace too.
using ElementFunctions = TorchSharp.Kernels.Functions;

namespace DiffusionBatch.Bench;

/// <summary>The kernels beside the matrix products, at a training step's sizes: nanoseconds per element and elements per second.</summary>
internal static unsafe class KernelsBench
{
    internal static int Run(BenchOptions options)
    {
        Console.WriteLine($"{"kernel",-34} {"threads",7} {"us",10} {"best us",10} {"G elements/s",13}");
        foreach (int threads in new[] { 1, options.Threads }.Distinct())
        {
            WorkPool.Threads = threads;
            const int Rows = 4096, Hidden = 256, Wide = 1024, Classes = 8000, Masked = 1024;
            long n = (long)Rows * Wide;
            float* x = Random(Masked * (long)Classes, 1), y = Random(Masked * (long)Classes, 2), z = Random(Masked * (long)Classes, 3);
            float* mean = Random(Rows, 4), rstd = Random(Rows, 5), w = Random(Wide, 6), v = Random(Wide, 7);
            long* ids = (long*)BufferPool.Rent(Rows * sizeof(long));
            for (int i = 0; i < Rows; i++)
                ids[i] = i * 7919L % Classes;
            Time("add 4096x1024", n, () => Elementwise.Add(x, y, z, n));
            Time("exp", n, () => Elementwise.Map(default(ElementFunctions.Exp), x, z, n));
            Time("log", n, () => Elementwise.Map(default(ElementFunctions.Log), x, z, n));
            Time("tanh", n, () => Elementwise.Map(default(ElementFunctions.Tanh), x, z, n));
            Time("erf", n, () => Elementwise.Map(default(ElementFunctions.Erf), x, z, n));
            Time("gelu", n, () => Gelu.Forward(x, z, n));
            Time("gelu backward", n, () => Gelu.Backward(x, y, z, n));
            Time("dropout", n, () => Dropout.Run(x, z, n, 0.1f, 1, 2));
            Time("add row 4096x256", Rows * Hidden, () => Elementwise.AddRow(x, w, z, Rows, Hidden));
            Time("column sum 4096x1024", n, () => ColumnSum.Run(x, Wide, w, Rows, Wide, false));
            Time("layer norm 4096x256", Rows * Hidden, () => LayerNorm.Forward(x, w, v, 1e-5f, z, mean, rstd, Rows, Hidden));
            Time("layer norm backward", Rows * Hidden, () => LayerNorm.Backward(x, w, mean, rstd, y, z, w, v, Rows, Hidden));
            Time("softmax 32768x32", 32768 * 32, () => SoftmaxRows.Forward(x, z, 32768, 32));
            Time("softmax 16384x64", 16384 * 64, () => SoftmaxRows.Forward(x, z, 16384, 64));
            Time("softmax backward 16384x64", 16384 * 64, () => SoftmaxRows.Backward(x, y, z, 16384, 64));
            Time("softmax 1024x8000", Masked * Classes, () => SoftmaxRows.Forward(x, z, Masked, Classes));
            Time("max 1024x8000", Masked * Classes, () => ReduceRows.Max(x, mean, null, Masked, Classes));
            Time("cross entropy 1024x8000", Masked * Classes, () => CrossEntropyRows.Forward(x, ids, mean, rstd, Masked, Classes, 0.1f));
            Time("cross entropy backward", Masked * Classes, () => CrossEntropyRows.Backward(x, ids, rstd, mean, z, Masked, Classes, 0.1f));
            Time("embedding gather 4096x256", Rows * Hidden, () => EmbeddingRows.Gather(x, Classes, ids, z, Rows, Hidden));
            Time("embedding scatter-add", Rows * Hidden, () => EmbeddingRows.ScatterAdd(x, Classes, ids, y, Rows, Hidden));
            Time("adamw 4M", n, () => AdamStep.Run(x, y, z, z + n, n, new AdamSettings(5, 1e-4, 0.9, 0.98, 1e-8, 0.01, true)));
            Time("squared norm 4M", n, () => Norms.SquaredNorm(y, n));
            foreach (var (batch, heads, length, dim) in new[] { (128, 4, 32, 64), (16, 4, 128, 64), (64, 8, 16, 32) })
            {
                var shape = new AttentionShape(batch, heads, length, length, dim, AttentionShape.DefaultScale(dim));
                long size = (long)batch * heads * length * dim;
                float* data = Random(8 * size, 9);
                nint row = heads * dim;
                HeadView View(int i) => new(data + (i * size), length * row, dim, row);
                float* lse = Random((long)batch * heads * length, 1);
                long work = size * length * 4;
                Time($"attention {batch}x{heads}x{length}x{dim} (flops)", work, () => Attention.Forward(shape, View(0), View(1), View(2), default, View(3), lse));
                Time("  backward (flops)", work * 5 / 2, () => Attention.Backward(shape, View(0), View(1), View(2), default, lse, View(4), View(5), View(6), View(7)));
                var dropping = shape with { Dropout = 0.1f };
                Time("  with dropout (flops)", work, () => Attention.Forward(dropping, View(0), View(1), View(2), default, View(3), lse));
            }

            var tiny = default(Nothing);
            Time("empty parallel loop", 2, () => WorkPool.For(2, ref tiny));
        }

        return 0;

        static void Time(string name, long elements, Action action)
        {
            var time = Clock.Measure(action, 0.1);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-34} {WorkPool.Threads,7} {time.Median * 1e6,10:F1} {time.Best * 1e6,10:F1} {elements / time.Best / 1e9,13:F2}"));
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

    private struct Nothing : IParallelBody
    {
        public readonly void Run(int index)
        {
        }
    }
}
