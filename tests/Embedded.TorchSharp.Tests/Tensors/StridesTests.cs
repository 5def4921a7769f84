using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionBatch.Embedded.TorchSharp.Tests.Tensors;

/// <summary>Random chains of views, broadcasts and reductions against arrays of explicit coordinates.</summary>
public sealed class StridesTests
{
    /// <summary>A tensor as PyTorch defines it: a value for each place.</summary>
    sealed record Naive(long[] Shape, Func<long[], double> At)
    {
        public IEnumerable<double> Values()
        {
            long n = Shape.Aggregate(1L, (a, b) => a * b);
            for (long i = 0; i < n; i++) yield return At(Place(i, Shape));
        }

        public static long[] Place(long index, long[] shape)
        {
            var place = new long[shape.Length];
            for (int d = shape.Length - 1; d >= 0; d--)
            {
                place[d] = index % shape[d];
                index /= shape[d];
            }
            return place;
        }

        public static long Index(long[] place, long[] shape) => place.Select((p, d) => (p, d)).Aggregate(0L, (a, x) => a * shape[x.d] + x.p);
    }

    static long Pick(System.Random random, long n) => random.NextInt64(n);

    static (Tensor, Naive) View(System.Random random, Tensor t, Naive n)
    {
        int rank = n.Shape.Length;
        switch (random.Next(7))
        {
            case 0 when rank >= 2:
                int a = random.Next(rank), b = random.Next(rank);
                return (t.transpose(a, b), new Naive(Swap(n.Shape, a, b), p => n.At(Swap(p, a, b))));
            case 1 when rank >= 1 && n.Shape.All(s => s > 1):
                int d = random.Next(rank);
                long start = Pick(random, n.Shape[d]), step = 1 + Pick(random, 2), count = (n.Shape[d] - start + step - 1) / step;
                return (t.slice(d, start, n.Shape[d], step), new Naive(With(n.Shape, d, count), p => n.At(With(p, d, start + p[d] * step))));
            case 2 when rank >= 1:
                int s0 = random.Next(rank);
                long at = Pick(random, n.Shape[s0]);
                return (t.select(s0, at), new Naive(Without(n.Shape, s0), p => n.At(Insert(p, s0, at))));
            case 3 when rank <= 4:
                int u = random.Next(rank + 1);
                return (t.unsqueeze(u), new Naive(Insert(n.Shape, u, 1), p => n.At(Without(p, u))));
            case 4 when rank is >= 1 and <= 4:
                long times = 1 + Pick(random, 3);
                return (t.unsqueeze(0).expand([times, .. n.Shape]), new Naive([times, .. n.Shape], p => n.At(p[1..])));
            case 5:
                long total = n.Shape.Aggregate(1L, (x, y) => x * y);
                long[] shape = total % 2 == 0 ? [2, total / 2] : [total];
                return (t.reshape(shape), new Naive(shape, p => n.At(Naive.Place(Naive.Index(p, shape), n.Shape))));
            default:
                return (t.contiguous(), n);
        }
    }

    static long[] Swap(long[] x, int a, int b)
    {
        long[] y = [.. x];
        (y[a], y[b]) = (y[b], y[a]);
        return y;
    }

    static long[] With(long[] x, int d, long value)
    {
        long[] y = [.. x];
        y[d] = value;
        return y;
    }

    static long[] Without(long[] x, int d) => [.. x[..d], .. x[(d + 1)..]];

    static long[] Insert(long[] x, int d, long value) => [.. x[..d], value, .. x[d..]];

    static (Tensor, Naive) Make(System.Random random)
    {
        long[] shape = [1 + Pick(random, 4), 1 + Pick(random, 4), 1 + Pick(random, 4)];
        Tensor t = arange(shape.Aggregate(1L, (a, b) => a * b), ScalarType.Float64).view(shape);
        (Tensor, Naive) x = (t, new Naive(shape, p => Naive.Index(p, shape)));
        for (int i = random.Next(6); i > 0; i--) x = View(random, x.Item1, x.Item2);
        return x;
    }

    static void Same(Naive expected, Tensor actual)
    {
        Assert.Equal(expected.Shape, actual.shape);
        Assert.Equal(expected.Values().ToArray(), actual.data<double>().ToArray());
    }

    [Fact]
    public void Views_and_operations_on_them_are_what_their_definitions_say()
    {
        var random = new System.Random(20261121);
        for (int round = 0; round < 400; round++)
        {
            using DisposeScope scope = NewDisposeScope();
            (Tensor t, Naive n) = Make(random);
            Same(n, t);
            Same(new Naive(n.Shape, p => 2 * n.At(p) + 1), t * 2 + 1);
            Same(new Naive(n.Shape, p => n.At(p) * n.At(p)), t * t.contiguous());
            if (n.Shape.Length == 0) continue;
            int d = random.Next(n.Shape.Length);
            long size = n.Shape[d];
            Same(new Naive(Without(n.Shape, d), p => Enumerable.Range(0, (int)size).Sum(i => n.At(Insert(p, d, i)))), t.sum(d));
            Same(new Naive(Without(n.Shape, d), p => Enumerable.Range(0, (int)size).Max(i => n.At(Insert(p, d, i)))), t.max(d).values);
            Same(new Naive(n.Shape, p => Enumerable.Range(0, (int)p[d] + 1).Sum(i => n.At(With(p, d, i)))), t.cumsum(d));
            Tensor row = arange(n.Shape[^1], ScalarType.Float64);
            Same(new Naive(n.Shape, p => n.At(p) - p[^1]), t - row);
            Same(new Naive(n.Shape, p => n.At(With(p, d, size - 1 - p[d]))), t.flip(d));
            long[] ids = Enumerable.Range(0, 3).Select(_ => Pick(random, size)).ToArray();
            Same(new Naive(With(n.Shape, d, 3), p => n.At(With(p, d, ids[p[d]]))), t.index_select(d, tensor(ids)));
        }
    }

    [Fact]
    public void Writing_to_a_view_writes_to_its_tensor()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = zeros(3, 4);
        x[TensorIndex.Colon, TensorIndex.Slice(1, 3)] = 5;
        x[0] = tensor(new[] { 1f, 2, 3, 4 });
        x.t()[3, 2].fill_(9);
        x.index_put_(7, tensor(new long[] { 1, 2 }), tensor(new long[] { 0, 0 }));
        Assert.Equal([1f, 2, 3, 4, 7, 5, 5, 0, 7, 5, 5, 9], x.data<float>().ToArray());
    }

    [Fact]
    public void Empty_tensors_pass_through()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor none = zeros(0, 4);
        Assert.Equal(0f, none.sum().item<float>());
        Assert.Equal([0, 5], nn.functional.linear(none, zeros(5, 4), zeros(5)).shape);
        Assert.Equal([0, 4], none.softmax(-1).shape);
        Assert.Equal([2, 4], cat([none, ones(2, 4)]).shape);
        Assert.Equal([0, 4], ones(2, 4).index_select(0, zeros(0, int64)).shape);
        Assert.Equal([0], ones(3).masked_select(zeros(3, @bool)).shape);
        Assert.Equal([0, 2], zeros(3, 3).nonzero().shape);
        Assert.Equal(0, nn.functional.cross_entropy(none, zeros(0, int64), reduction: nn.Reduction.Sum).item<float>());
        Assert.True(float.IsNaN(none.mean().item<float>()));
    }

    [Fact]
    public void Types_are_promoted_as_in_PyTorch()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor i = ones(2, int64), f = ones(2), d = ones(2, float64), b = ones(2, @bool), n = ones(2, int32), u = ones(2, uint8);
        Assert.Equal(float32, (i + f).dtype);
        Assert.Equal(float64, (f + d).dtype);
        Assert.Equal(float32, (f + tensor(1.0)).dtype);
        Assert.Equal(float32, (i + 1.5).dtype);
        Assert.Equal(int64, (i + 1).dtype);
        Assert.Equal(int32, (n + 1L).dtype);
        Assert.Equal(int64, (b + 1).dtype);
        Assert.Equal(int64, (i + n).dtype);
        Assert.Equal(int32, (u + n).dtype);
        Assert.Equal(float32, (i / n).dtype);
        Assert.Equal(@bool, (b + b).dtype);
        Assert.Equal(int64, b.sum().dtype);
        Assert.Equal(float16, ones(2, float16).add(1).dtype);
        Assert.Throws<ExternalException>(() => i.add_(f));
        Assert.Throws<ExternalException>(() => b - b);
        Assert.Throws<ExternalException>(() => i.mean());
        Assert.Throws<ExternalException>(() => ones(2, 3) + ones(2, 4));
        Assert.Throws<ExternalException>(() => ones(2, 3).matmul(ones(4, 2)));
        Assert.Throws<ArgumentException>(() => f.item<float>());
        Assert.Throws<ArgumentException>(() => f.data<double>());
    }

    [Fact]
    public void NaN_and_infinity_are_as_in_PyTorch()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = tensor(new[] { 1f, float.NaN, 3f, float.NegativeInfinity });
        Assert.True(float.IsNaN(x.max().item<float>()));
        Assert.Equal(1L, x.argmax().item<long>());
        Assert.Equal([false, true, false, false], x.isnan().data<bool>().ToArray());
        Assert.Equal([false, false, false, true], x.isinf().data<bool>().ToArray());
        Assert.Equal([1L, 2, 0, 3], x.argsort(-1, true).data<long>().ToArray());
        Tensor blind = full(2, float.NegativeInfinity);
        Assert.Equal(float.NegativeInfinity, blind.logsumexp(0).item<float>());
        Assert.True(float.IsNaN(blind.softmax(0)[0].item<float>()));
        Assert.Equal(2L, tensor(new[] { 0f, 1, 5, 5 }).argmax().item<long>());
        Assert.Equal([2L, 3], tensor(new[] { 0f, 1, 5, 5 }).topk(2).indexes.data<long>().ToArray());
    }

    [Fact]
    public void The_first_few_of_long_rows_are_those_of_a_full_sort()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = randint(40, [5, 200]).@float();
        (Tensor values, Tensor places) = x.topk(7);
        (Tensor sorted, Tensor order) = x.sort(-1, true);
        Assert.True(values.Equals(sorted.narrow(1, 0, 7)));
        Assert.True(places.Equals(order.narrow(1, 0, 7)));
    }

    [Fact]
    public void Bytes_and_streams_carry_elements_in_row_major_order()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = arange(6, float32).view(2, 3);
        using var stream = new MemoryStream();
        x.t().WriteBytesToStream(stream);
        stream.Position = 0;
        Tensor y = empty(3, 2);
        y.ReadBytesFromStream(stream);
        Assert.True(y.Equals(x.t()));
        Assert.True(MemoryMarshal.Cast<byte, float>(x.bytes).SequenceEqual([0f, 1, 2, 3, 4, 5]));
    }
}
