using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionBatch.Embedded.TorchSharp.Tests.Views;

/// <summary>Views against a plain array, over random shapes, strides and steps; and that they are views.</summary>
public sealed class ViewTests
{
    static void Repeat(int rank, Action<Random, Model, Tensor> check, int least = 1)
    {
        for (int seed = 0; seed < 25; seed++)
        {
            using DisposeScope scope = NewDisposeScope();
            var random = new Random(seed);
            (Model model, Tensor tensor) = Model.Random(random, rank + random.Next(0, 2), least);
            check(random, model, tensor);
        }
    }

    [Fact]
    public void Dimensions_change_places() => Repeat(2, (random, m, t) =>
    {
        int n = m.Shape.Length, a = random.Next(n), b = random.Next(n);
        long[] Swap(long[] p) => Model.With(Model.With(p, a, p[b]), b, p[a]);
        var swapped = new Model(Swap(m.Shape), p => m.At(Swap(p)));
        foreach (Tensor v in new[] { t.transpose(a, b), t.swapaxes(a, b), t.swapdims(a, b), swapaxes(t, a, b), swapdims(t, a, b), transpose(t, a - n, b - n), t.alias().transpose_(a, b) }) swapped.Same(v);
        long[] Back(long[] p) => Model.Insert(Model.Without(p, b), a, p[b]);
        var moved = new Model(Model.Insert(Model.Without(m.Shape, a), b, m.Shape[a]), p => m.At(Back(p)));
        foreach (Tensor v in new[] { t.movedim([a], [b]), t.moveaxis([a], [b]), movedim(t, a, b), movedim(t, [a], [b]), moveaxis(t, a, b), moveaxis(t, [a], [b]) }) moved.Same(v);
        long[] reversed = Enumerable.Range(0, n).Select(d => (long)(n - 1 - d)).ToArray();
        new Model([.. m.Shape.Reverse()], p => m.At([.. p.Reverse()])).Same(t.permute(reversed));
        new Model([.. m.Shape.Reverse()], p => m.At([.. p.Reverse()])).Same(t.T);
        new Model([.. m.Shape.Reverse()], p => m.At([.. p.Reverse()])).Same(t.permute((IEnumerable<long>)reversed));
        foreach (Tensor v in new[] { t.mT, t.mH, t.adjoint(), adjoint(t), n == 2 ? t.H : t.mT, n == 2 ? t.t() : t.mT, n == 2 ? torch.t(t) : t.mT })
            new Model(Swapped(m.Shape), p => m.At(Swapped(p))).Same(v);
    });

    static long[] Swapped(long[] p) => [.. p[..^2], p[^1], p[^2]];

    [Fact]
    public void Several_dimensions_move_at_once()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = zeros(2, 3, 4, 5);
        Assert.Equal([4, 5, 2, 3], moveaxis(x, (2, 3), (0, 1)).shape);
        Assert.Equal([4, 3, 5, 2], moveaxis(x, (0, 2, 3), (3, 0, 2)).shape);
        Assert.Equal([5, 4, 3, 2], moveaxis(x, (0, 1, 2, 3), (3, 2, 1, 0)).shape);
    }

    [Fact]
    public void Windows_and_diagonals() => Repeat(2, (random, m, t) =>
    {
        int d = random.Next(m.Shape.Length);
        long size = random.Next(1, (int)m.Shape[d] + 1), step = random.Next(1, 3);
        new Model([.. Model.With(m.Shape, d, ((m.Shape[d] - size) / step) + 1), size], p => m.At(Model.With(p[..^1], d, (p[d] * step) + p[^1]))).Same(t.unfold(d, size, step));
        int a = random.Next(m.Shape.Length), b = (a + 1) % m.Shape.Length, lo = Math.Min(a, b), hi = Math.Max(a, b);
        long offset = random.Next(-2, 3), length = Math.Max(0, Math.Min(m.Shape[a] + Math.Min(offset, 0), m.Shape[b] - Math.Max(offset, 0)));
        long[] Place(long[] p)
        {
            long[] rest = p[..^1];
            long[] full = Model.Insert(Model.Insert(rest, lo, 0), hi, 0);
            full[a] = p[^1] - Math.Min(offset, 0);
            full[b] = p[^1] + Math.Max(offset, 0);
            return full;
        }

        var diagonal = new Model([.. Model.Without(Model.Without(m.Shape, hi), lo), length], p => m.At(Place(p)));
        diagonal.Same(t.diagonal(offset, a, b));
        diagonal.Same(torch.diagonal(t, offset, a, b));
        m.Same(t.as_strided(t.shape, t.stride(), t.storage_offset()));
    });

    [Fact]
    public void Sizes_of_one_come_and_go() => Repeat(1, (random, m, t) =>
    {
        int d = random.Next(m.Shape.Length + 1);
        var wide = new Model(Model.Insert(m.Shape, d, 1), p => m.At(Model.Without(p, d)));
        foreach (Tensor v in new[] { t.unsqueeze(d), unsqueeze(t, d), t.alias().unsqueeze_(d), unsqueeze_(t.alias(), d) }) wide.Same(v);
        foreach (Tensor v in new[] { t.unsqueeze(d).squeeze(d), squeeze(t.unsqueeze(d), d), t.unsqueeze(d).squeeze_(d), squeeze_(t.unsqueeze(d), d) }) m.Same(v);
        m.Same(t.unflatten(0, [1, -1]).squeeze(0));
        m.Same(unflatten(t, 0, [-1, 1]).squeeze(1));
        m.Same(t.unflatten(0, new Size((1L, m.Shape[0]))).squeeze(0));
        m.Same(unflatten(t, 0, new Size((m.Shape[0], 1L))).squeeze(1));
        Assert.Equal(m.Flat(), t.ravel().data<double>().ToArray());
        Assert.Equal(m.Flat(), ravel(t).data<double>().ToArray());
        Assert.Equal(m.Flat(), flatten(t).data<double>().ToArray());
        m.Same(t.expand([2, .. m.Shape])[1]);
        m.Same(t.expand(new Size([2, .. m.Shape]))[0]);
        m.Same(broadcast_to(t, [3, .. m.Shape])[2]);
        m.Same(t.view_as(t));
    });

    [Fact]
    public void Broadcasting_of_several()
    {
        using DisposeScope scope = NewDisposeScope();
        IList<Tensor> both = broadcast_tensors(arange(3), arange(2).unsqueeze(1));
        Assert.Equal([0L, 1, 2, 0, 1, 2], both[0].contiguous().data<long>().ToArray());
        Assert.Equal([0L, 0, 0, 1, 1, 1], both[1].contiguous().data<long>().ToArray());
        Assert.Equal([5, 2, 3], broadcast_shapes([2, 1], [3], [5, 1, 1]).Shape);
        Assert.Throws<ArgumentException>(() => broadcast_shapes([2], [3]));
    }

    [Fact]
    public void A_shape_changed_in_place_is_in_the_graph()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = randn(2, 3, float64).requires_grad_(), y = (x * x).transpose_(0, 1).unsqueeze_(0);
        (y.squeeze_(0) * arange(6, float64).view(3, 2)).sum().backward();
        Assert.True(allclose(x.grad!, x.detach() * 2 * arange(6, float64).view(3, 2).t()));
    }

    [Fact]
    public void Parts_share_memory_and_are_all_of_it() => Repeat(3, (random, m, t) =>
    {
        int d = random.Next(m.Shape.Length);
        long n = m.Shape[d], size = random.Next(1, 4), at = random.Next(0, (int)n + 1);
        void Whole(IEnumerable<Tensor> parts) => m.Same(cat(parts.ToArray(), d));
        Whole(t.split(size, d));
        Whole(t.split([at, n - at], (long)d));
        Whole(t.split((ReadOnlySpan<long>)[at, n - at], d));
        Whole(split(t, [at, n - at], d));
        m.Same(cat(t.split([0L, m.Shape[0]])));
        Whole(t.chunk(size, d));
        Whole(chunk(t, size, d));
        Whole(t.tensor_split(size, d));
        Whole(tensor_split(t, size, d));
        Whole(t.tensor_split([at, n], d));
        Whole(tensor_split(t, [at], d));
        Whole(t.tensor_split(tensor(size), d));
        Whole(tensor_split(t, tensor(new[] { at }), d));
        m.Same(stack(t.unbind(d), d));
        m.Same(stack(unbind(t, (long)d), d));
        m.Same(stack(unbind(t, d), d));
        t.split(1, d)[0].zero_();
        Assert.Equal(0, t.select(d, 0).abs().sum().item<double>());
    });

    [Fact]
    public void Splits_along_named_axes()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = arange(2 * 4 * 6).view(2, 4, 6);
        void Same(long dim, params Tensor[][] all)
        {
            foreach (Tensor[] parts in all) Assert.True(cat(parts, dim).Equals(x));
        }

        Same(0, x.vsplit(2), x.vsplit([1]), x.vsplit(tensor(new[] { 1L })), vsplit(x, [0, 1]));
        Same(1, x.hsplit(2), x.hsplit([1, 3]), x.hsplit(tensor(2L)), hsplit(x, 4), hsplit(x, [2]), hsplit(x, tensor(new[] { 1L })), hsplit(x, (1, 2)), hsplit(x, (1, 2, 3)), hsplit(x, (0, 1, 2, 3)));
        Same(2, x.dsplit(3), x.dsplit([4]), x.dsplit(tensor(2L)), x.dsplit((1, 2)), x.dsplit((1, 2, 3)), x.dsplit((1, 2, 3, 4)));
        Same(2, dsplit(x, 2), dsplit(x, [1]), dsplit(x, tensor(3L)), dsplit(x, (1, 2)), dsplit(x, (1, 2, 3)), dsplit(x, (1, 2, 3, 5)));
        Assert.Equal(3, x[0].hsplit(3).Length);
        Assert.Equal(2, arange(4).hsplit(2).Length);
    }
}
