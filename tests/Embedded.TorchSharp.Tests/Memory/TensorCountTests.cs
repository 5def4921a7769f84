using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionBatch.Embedded.TorchSharp.Tests.Memory;

[Collection(nameof(Alone))]
public sealed class TensorCountTests
{
    [Fact]
    public void Living_tensors_are_counted_and_their_peak_stays()
    {
        long before = Tensor.TotalCount;
        Tensor[] made = [.. Enumerable.Range(0, 50).Select(_ => ones(1))];
        Assert.Equal(before + 50, Tensor.TotalCount);
        long peak = Tensor.PeakCount;
        Assert.True(peak >= before + 50);
        foreach (Tensor t in made) t.Dispose();
        made[0].Dispose();
        Assert.Equal(before, Tensor.TotalCount);
        Assert.Equal(peak, Tensor.PeakCount);
    }

    [Fact]
    public void The_peak_never_falls_however_many_threads_raise_it()
    {
        const int Threads = 4, Each = 20000;
        var made = new Tensor[Threads][];
        long[] falls = new long[Threads];
        using var start = new Barrier(Threads);
        Thread[] threads = [.. Enumerable.Range(0, Threads).Select(number => new Thread(() =>
        {
            var own = made[number] = new Tensor[Each];
            using Tensor memory = ones(1);
            long seen = 0;
            start.SignalAndWait();
            for (int i = 0; i < Each; i++)
            {
                own[i] = memory.alias();
                long now = Tensor.PeakCount;
                if (now < seen) falls[number]++;
                seen = now;
            }
        }))];
        foreach (Thread t in threads) t.Start();
        foreach (Thread t in threads) t.Join();
        Assert.Equal([0L, 0, 0, 0], falls);
        Assert.True(Tensor.PeakCount >= Tensor.TotalCount, $"peak {Tensor.PeakCount}, living {Tensor.TotalCount}");
        foreach (Tensor t in made.SelectMany(t => t)) t.Dispose();
    }
}
