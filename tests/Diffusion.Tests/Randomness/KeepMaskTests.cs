using System.Runtime.CompilerServices;
using DiffusionBatch.Diffusion.Randomness;
using TorchSharp;

namespace DiffusionBatch.Diffusion.Tests.Randomness;

public sealed class KeepMaskTests
{
    static readonly CounterRandom Draws = CounterRandom.For(3, "mask").At(5);

    /// <summary>The definition, an element at a time.</summary>
    static float[] Expected(int count, double share, float kept) => [.. Enumerable.Range(0, count)
        .Select(i => (ushort)(Draws.Bits(i / 4) >> (16 * (i % 4))) >= KeepMask.Dropped(share) ? kept : 0)];

    [Theory]
    [InlineData(1)]
    [InlineData(63)]
    [InlineData(2049)]
    [InlineData(100_003)]
    public void An_element_goes_by_its_sixteen_bits_whatever_the_length_and_the_threads(int count)
    {
        var (one, two) = (new float[count], GC.AllocateArray<float>(count, pinned: true));
        KeepMask.Fill(Draws, 0.3, one, 1.5f, threads: 1);
        KeepMask.Fill(Draws, 0.3, two.AsSpan(), 1.5f, threads: 3);
        Assert.Equal(Expected(count, 0.3, 1.5f), one);
        Assert.Equal(one, two);
    }

    [Fact]
    public void Narrow_elements_are_kept_where_wide_ones_are()
    {
        var mask = new ushort[1003];
        KeepMask.Fill(Draws, 0.1, mask, Unsafe.BitCast<BFloat16, ushort>((BFloat16)2f), threads: 1);
        Assert.Equal(Expected(1003, 0.1, 2), mask.Select(m => (float)Unsafe.BitCast<ushort, BFloat16>(m)));
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.5)]
    [InlineData(0.9)]
    public void The_share_is_dropped_and_the_mean_stays(double share)
    {
        const int n = 1 << 20;
        var mask = new float[n];
        KeepMask.Fill(Draws, share, mask, (float)KeepMask.Scale(share), threads: 1);
        double deviation = Math.Sqrt(share * (1 - share) / n);
        Assert.InRange(mask.Count(m => m == 0) / (double)n, share - 5 * deviation - 1e-5, share + 5 * deviation + 1e-5);
        Assert.Equal(1, mask.Average(m => (double)m), 5 * deviation / (1 - share));
        // Neighbours, which share a word, are independent.
        double both = Enumerable.Range(0, n - 1).Count(i => mask[i] == 0 && mask[i + 1] == 0) / (double)n;
        Assert.Equal(share * share, both, 5 * share / Math.Sqrt(n) + 1e-5);
    }

    [Theory]
    [InlineData(1e-9, 1)]
    [InlineData(1 - 1e-9, 65535)]
    public void The_smallest_share_drops_something_and_the_largest_not_all(double share, int dropped) =>
        Assert.Equal(dropped, KeepMask.Dropped(share));
}
