using TorchSharp;
using TorchSharp.Core;
using static TorchSharp.torch;

namespace DiffusionBatch.Embedded.TorchSharp.Tests.Views;

/// <summary>Writes into windows that are large enough for several threads.</summary>
public sealed class WindowWriteTests
{
    [Fact]
    public void Parts_lie_side_by_side()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor a = arange(300 * 200).view(300, 200), b = -arange(300 * 77).view(300, 77);
        Tensor both = cat([a, b], 1);
        for (int r = 0; r < 300; r += 37)
        {
            Assert.Equal(Enumerable.Range(r * 200, 200).Select(i => (long)i), both[r, ..200].data<long>().ToArray());
            Assert.Equal(Enumerable.Range(r * 77, 77).Select(i => (long)-i), both[r, 200..].data<long>().ToArray());
        }
    }

    [Fact]
    public void A_window_is_filled_under_a_mask_and_nothing_beside_it()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = zeros(400, 300), mask = (arange(400 * 100) % 3 == 0).view(400, 100);
        x[.., 100..200].masked_fill_(mask, 7);
        Assert.Equal(0, x[.., ..100].abs().sum().item<float>());
        Assert.Equal(0, x[.., 200..].abs().sum().item<float>());
        Assert.True((x[.., 100..200] == 7).eq(mask).all().item<bool>());
    }

    [Theory]
    [InlineData(true, new long[] { 3, 4 }, new long[] { 4, 1 })]
    [InlineData(true, new long[] { 3, 4 }, new long[] { 1, 3 })]
    [InlineData(true, new long[] { 3, 4 }, new long[] { 9, 2 })]
    [InlineData(true, new long[] { 3, 1 }, new long[] { 1, 0 })]
    [InlineData(true, new long[] { 0, 4 }, new long[] { 0, 0 })]
    [InlineData(true, new long[] { 2, 3, 4 }, new long[] { 1, 2, 6 })]
    [InlineData(false, new long[] { 3, 4 }, new long[] { 0, 1 })]
    [InlineData(false, new long[] { 3, 4 }, new long[] { 1, 1 })]
    [InlineData(false, new long[] { 3, 4 }, new long[] { 3, 1 })]
    [InlineData(false, new long[] { 2, 3, 4 }, new long[] { 6, 3, 2 })]
    public void Two_places_on_one_element_are_known(bool disjoint, long[] shape, long[] strides) =>
        Assert.Equal(disjoint, Shapes.IsDisjoint(shape, strides));

    [Fact]
    public void Windows_known_as_disjoint_are()
    {
        var random = new Random(1);
        int seen = 0;
        for (int round = 0; round < 3000; round++)
        {
            int rank = random.Next(1, 4);
            long[] shape = [.. Enumerable.Range(0, rank).Select(_ => (long)random.Next(1, 5))], strides = [.. Enumerable.Range(0, rank).Select(_ => (long)random.Next(0, 25))];
            if (!Shapes.IsDisjoint(shape, strides)) continue;
            seen++;
            var places = new HashSet<long>();
            Assert.True(Places(0, 0).All(places.Add), $"({string.Join(", ", shape)}) by ({string.Join(", ", strides)})");

            IEnumerable<long> Places(int d, long at) => d == rank ? [at] : Enumerable.Range(0, (int)shape[d]).SelectMany(i => Places(d + 1, at + i * strides[d]));
        }
        Assert.InRange(seen, 300, 2700);
    }
}
