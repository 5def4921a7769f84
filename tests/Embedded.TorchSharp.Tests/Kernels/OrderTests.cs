using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionBatch.Embedded.TorchSharp.Tests.Kernels;

/// <summary>Sorting, picking, choosing and running sums on every instruction set and number of threads, against the plain way.</summary>
[Collection("kernels")]
public sealed class OrderTests
{
    static readonly float[] Odd = [float.NaN, float.PositiveInfinity, float.NegativeInfinity, 0f, -0f, 1f, -1f, float.Epsilon, float.MaxValue];

    /// <summary>Numbers with many equals and every odd value.</summary>
    static float[] Mixed(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.Next(6) == 0 ? Odd[random.Next(Odd.Length)] : random.Next(-300, 300) / 8f)];
    }

    /// <summary>Places by value (NaN above all, -0 with 0), equals by place.</summary>
    static long[] Ordered(float[] row, bool descending)
    {
        int Compare(long a, long b)
        {
            float x = row[a], y = row[b];
            int c = float.IsNaN(x) || float.IsNaN(y) ? float.IsNaN(x).CompareTo(float.IsNaN(y)) : x < y ? -1 : x > y ? 1 : 0;
            return c != 0 ? (descending ? -c : c) : a.CompareTo(b);
        }

        long[] places = [.. Enumerable.Range(0, row.Length).Select(i => (long)i)];
        Array.Sort(places, Comparer<long>.Create(Compare));
        return places;
    }

    [Theory]
    [InlineData(3, 7, 7)]
    [InlineData(5, 96, 96)]
    [InlineData(40, 97, 97)]
    [InlineData(64, 1000, 1000)]
    [InlineData(2, 70000, 70000)]
    [InlineData(1, 15, 1)]
    [InlineData(3, 16, 1)]
    [InlineData(3, 160, 10)]
    [InlineData(50, 1003, 5)]
    [InlineData(2, 33001, 9)]
    public void The_first_places_are_those_of_a_full_order(int rows, int n, int k)
    {
        float[] all = Mixed(rows * n, rows + n);
        foreach (bool descending in (bool[])[false, true])
        {
            long[] expected = [.. Enumerable.Range(0, rows).SelectMany(r => Ordered(all[(r * n)..((r + 1) * n)], descending).Take(k))];
            KernelSettings.Everywhere(() =>
            {
                using DisposeScope scope = NewDisposeScope();
                Tensor x = tensor(all).view(rows, n);
                Tensor places = k == n ? x.argsort(-1, descending) : x.topk(k, -1, descending).indexes;
                Assert.Equal(expected, places.data<long>().ToArray());
            });
        }
    }

    [Fact]
    public void Of_rows_of_nothing_but_NaN_the_first_are_taken()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = full([2, 64], float.NaN);
        x[1, 60] = 3;
        foreach (bool largest in (bool[])[false, true])
        {
            long[] places = x.topk(3, -1, largest).indexes.data<long>().ToArray();
            Assert.Equal(largest ? [0, 1, 2, 0, 1, 2] : [0, 1, 2, 60, 0, 1], places);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Gather_and_scatter_go_by_the_index_along_each_dimension(int dim)
    {
        var random = new Random(dim);
        int[] sizes = [37, 29, 41], picked = [30, 29, 40];
        picked[dim] = 60;
        long count = picked.Aggregate(1L, (a, b) => a * b);
        long[] index = [.. Enumerable.Range(0, (int)count).Select(_ => (long)random.Next(sizes[dim]))];
        KernelSettings.Everywhere(() =>
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor x = arange(37 * 29 * 41, dtype: float32).view(41, 37, 29).permute(1, 2, 0), at = tensor(index).view([.. picked.Select(p => (long)p)]);
            Tensor got = x.gather(dim, at), sums = zeros(37, 29, 41).scatter_add_(dim, at, got), last = zeros(37, 29, 41).scatter_(dim, at, got);
            float[] source = x.contiguous().data<float>().ToArray(), result = got.data<float>().ToArray(), added = sums.data<float>().ToArray(), put = last.data<float>().ToArray();
            var expectedSums = new float[source.Length];
            var expectedLast = new float[source.Length];
            for (int i = 0, p = 0; i < picked[0]; i++)
                for (int j = 0; j < picked[1]; j++)
                    for (int k = 0; k < picked[2]; k++, p++)
                    {
                        long[] place = [i, j, k];
                        place[dim] = index[p];
                        long offset = ((place[0] * 29) + place[1]) * 41 + place[2];
                        Assert.Equal(source[offset], result[p]);
                        expectedSums[offset] += source[offset];
                        expectedLast[offset] = source[offset];
                    }

            Assert.Equal(expectedSums, added);
            Assert.Equal(expectedLast, put);
        });
    }

    [Fact]
    public void A_choice_by_mask_is_that_of_each_element_whatever_its_shape()
    {
        var random = new Random(4);
        bool[] mask = [.. Enumerable.Range(0, 9001 * 3).Select(_ => random.Next(2) == 0)];
        KernelSettings.Everywhere(() =>
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor m = tensor(mask).view(9001, 3), x = arange(27003, dtype: float32).view(9001, 3), y = x.neg().sub(1L), wide = x.to(float64);
            Check(where(m, x, y), i => i, i => -i - 1);
            Check(where(m, x, tensor(-5f)), i => i, _ => -5);
            Check(where(m, tensor(7f), y), _ => 7, i => -i - 1);
            Check(where(m, x.t().contiguous().t(), y), i => i, i => -i - 1);
            Check(where(m, wide, wide.neg()).to(float32), i => i, i => -i);
            Check(x.masked_fill(m, 3), _ => 3, i => i);
        });

        void Check(Tensor result, Func<int, float> yes, Func<int, float> no) =>
            Assert.Equal([.. mask.Select((m, i) => m ? yes(i) : no(i))], result.data<float>().ToArray());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Running_sums_and_their_gradients_add_in_order(int dim)
    {
        float[] values = [.. Enumerable.Range(0, 301 * 257).Select(i => MathF.Sin(i) * 100)];
        int rows = 301, columns = 257, length = dim == 0 ? rows : columns;
        var sums = new float[values.Length];
        var back = new float[values.Length];
        for (int line = 0; line < values.Length / length; line++)
        {
            int At(int i) => dim == 0 ? i * columns + line : line * columns + i;
            float sum = 0, rest = 0;
            for (int i = 0; i < length; i++)
            {
                sums[At(i)] = sum += values[At(i)];
                back[At(length - 1 - i)] = rest += values[At(length - 1 - i)];
            }
        }

        KernelSettings.Everywhere(() =>
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor x = tensor(values).view(rows, columns).requires_grad_(), y = x.cumsum(dim);
            Assert.Equal(sums, y.data<float>().ToArray());
            y.backward([tensor(values).view(rows, columns)]);
            Assert.Equal(back, x.grad!.data<float>().ToArray());
        });
    }

    [Fact]
    public void Copies_of_views_are_the_elements_in_their_places()
    {
        KernelSettings.Everywhere(() =>
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor x = arange(40 * 30 * 4 * 16, dtype: float32).view(40, 30, 4, 16);
            float[] heads = x.transpose(1, 2).contiguous().data<float>().ToArray(), turned = x.view(1200, 64).t().contiguous().data<float>().ToArray();
            for (int b = 0, p = 0; b < 40; b++)
                for (int h = 0; h < 4; h++)
                    for (int t = 0; t < 30; t++)
                        for (int d = 0; d < 16; d++, p++) Assert.Equal(((b * 30 + t) * 4 + h) * 16 + d, heads[p]);
            for (int i = 0; i < 64; i++)
                for (int j = 0; j < 1200; j++) Assert.Equal(j * 64 + i, turned[i * 1200 + j]);
            Assert.Equal(x.data<float>().ToArray(), x.clone().data<float>().ToArray());
            Assert.Equal(new float[100_000].Select(_ => 2.5f), tensor(2.5f).expand(100_000).contiguous().data<float>().ToArray());
        });
    }
}
