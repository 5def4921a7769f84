using DiffusionBatch.Embedded.TorchSharp.Tests.Autograd;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionBatch.Embedded.TorchSharp.Tests.Views;

/// <summary>Index expressions and their relatives against a plain array, and their gradients against differences.</summary>
public sealed class IndexTests
{
    static Tensor Longs(params long[] values) => tensor(values);

    [Fact]
    public void Random_expressions_read_and_write_what_they_name()
    {
        for (int seed = 0; seed < 200; seed++)
        {
            using DisposeScope scope = NewDisposeScope();
            var random = new Random(seed);
            (Model model, Tensor tensor) = Model.Random(random, random.Next(1, 4));
            var indices = new List<TensorIndex>();
            var picks = new List<(long[] Places, int Kind)>(); // a dimension's places; kind 0 dropped, 1 kept, 2 by tensor
            foreach (long n in model.Shape)
            {
                switch (random.Next(5))
                {
                    case 0:
                        long one = random.Next((int)n);
                        indices.Add(random.Next(2) == 0 ? one : one - n);
                        picks.Add(([one], 0));
                        break;
                    case 1:
                        indices.Add(TensorIndex.Colon);
                        picks.Add((Range(0, n, 1), 1));
                        break;
                    case 2 when picks.All(p => p.Kind != 2):
                        long[] places = Enumerable.Range(0, 3).Select(_ => (long)random.Next((int)n)).ToArray();
                        indices.Add(TensorIndex.Tensor(Longs(places)));
                        picks.Add((places, 2));
                        break;
                    default:
                        long start = random.Next(0, (int)n + 1), stop = random.Next(-1, (int)n + 2), step = random.Next(1, 3);
                        indices.Add(TensorIndex.Slice(start, stop, step));
                        picks.Add((Range(start, Math.Min(stop < 0 ? stop + n : stop, n), step), 1));
                        break;
                }
            }

            int[] kept = Enumerable.Range(0, picks.Count).Where(d => picks[d].Kind != 0).ToArray();
            long[] Place(long[] p)
            {
                long[] full = picks.Select(x => x.Places.Length > 0 ? x.Places[0] : 0).ToArray();
                for (int i = 0; i < kept.Length; i++) full[kept[i]] = picks[kept[i]].Places[p[i]];
                return full;
            }

            var expected = new Model(kept.Select(d => (long)picks[d].Places.Length).ToArray(), p => model.At(Place(p)));
            expected.Same(tensor[indices.ToArray()]);
            expected.Same(tensor.index(indices.ToArray()));
            tensor[indices.ToArray()] = torch.tensor(-1.0);
            HashSet<string> written = expected.Places().Select(p => string.Join(',', Place(p))).ToHashSet();
            new Model(model.Shape, p => written.Contains(string.Join(',', p)) ? -1 : model.At(p)).Same(tensor);
        }
    }

    static long[] Range(long from, long to, long step)
    {
        var result = new List<long>();
        for (long i = from; i < to; i += step) result.Add(i);
        return [.. result];
    }

    [Fact]
    public void All_kinds_of_index()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = arange(24).view(2, 3, 4);
        Assert.Equal([2, 1, 3], x[TensorIndex.Ellipsis, TensorIndex.None, 1, TensorIndex.Slice(1)].shape);
        Assert.Equal([1, 2, 3, 4], x[TensorIndex.Null].shape);
        Assert.Equal([2, 3, 2], x[TensorIndex.Ellipsis, ..2].shape);
        Assert.Equal([2, 3, 1], x[TensorIndex.Ellipsis, ^1..].shape);
        Assert.Equal([2, 2, 4], x[.., (1, null)].shape);
        Assert.Equal([1, 2, 3, 4], x[TensorIndex.Bool(true)].shape);
        Assert.Equal([0, 2, 3, 4], x[TensorIndex.Bool(false)].shape);
        Assert.Equal([1, 2, 3, 4], x[tensor(true)].shape);
        Assert.Equal([3, 4], x[tensor(1L)].shape);
        Assert.Equal(23, x[1, 2, 3].item<long>());
        Assert.Equal(23, x[^1, ^1, ^1].item<long>());
        Tensor six = arange(64).view(2, 2, 2, 2, 2, 2);
        Assert.Equal(62, six[1, 1, 1, 1, 1, 0].item<long>());
        Assert.Equal(60, six[1, 1, 1, 1, 0][0].item<long>());
        Assert.Equal(56, six[1, 1, 1, 0][0, 0].item<long>());
        six[1, 1, 1, 1, 1, 1] = -1L;
        six[1, 1, 1, 1, 0] = -2L;
        six[1, 1, 1, 0] = -3L;
        six[1, 1, 0] = zeros([1, 1, 1, 2, 2, 2], int64);
        six[0, 0] = 5L;
        six[0L] = 6L;
        Assert.Equal([-3L, -2, -1, 62, 0, 40, 6], new[] { six[1, 1, 1, 0, 1, 1], six[1, 1, 1, 1, 0, 1], six[1, 1, 1, 1, 1, 1], six[1, 1, 1, 1, 1, 0], six[1, 1, 0, 1, 1, 0], six[1, 0, 1, 0, 0, 0], six[0, 0, 0, 0, 0, 0] }.Select(t => t.item<long>()));
        Assert.Equal(7, arange(128).view(2, 2, 2, 2, 2, 2, 2)[new long[] { 0, 0, 0, 0, 1, 1, 1 }].item<long>());
        Assert.Equal([1L, 9], x[0].index(Longs(0, 2), Longs(1, 1)).data<long>().ToArray());
        Tensor y = zeros(4);
        y.index_put_(ones(3), [Longs(1, 1, 2)], true);
        y.index_put_(ones(2), [TensorIndex.Tensor(Longs(1, 3))], true);
        Assert.Equal([0f, 3, 1, 1], y.data<float>().ToArray());
        y.index_put_(8, Longs(0));
        y.index_put_(tensor(9f), Longs(3));
        y.index_put_(7, TensorIndex.Single(1));
        y.index_put_(tensor(6f), TensorIndex.Slice(2, 3));
        Assert.Equal([8f, 7, 6, 9], y.data<float>().ToArray());
        Assert.Throws<Exception>(() => y.index_put_(ones(4), [TensorIndex.Colon], true));
    }

    [Fact]
    public void Places_of_what_is_not_zero()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = tensor(new[] { 0f, 1, 2, 0 }).view(2, 2);
        Assert.Equal([0L, 1, 1, 0], x.argwhere().data<long>().ToArray());
        Assert.True(argwhere(x).Equals(nonzero(x)));
        Assert.Equal([[0L, 1], [1L, 0]], x.nonzero_as_list().Select(t => t.data<long>().ToArray()));
        Assert.Equal([1f, 2], masked_select(x, x.gt(0)).data<float>().ToArray());
    }

    [Fact]
    public void Functions_are_the_methods_and_in_place_forms_write()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = arange(12, float64).view(3, 4), i = Longs(2, 0), rows = ones(2, 4, float64) * 7, wide = zeros(2, 4, int64);
        void Same(Func<Tensor, Tensor> method, Func<Tensor, Tensor> function, Func<Tensor, Tensor>? inPlace = null, Func<Tensor, Tensor>? inPlaceFunction = null)
        {
            Tensor expected = method(x.clone());
            foreach (Func<Tensor, Tensor>? f in new[] { function, inPlace, inPlaceFunction })
            {
                if (f is null) continue;
                Tensor target = x.t().contiguous().t();
                Assert.True(f(target).Equals(expected));
                if (f != function) Assert.True(target.Equals(expected));
            }
        }

        Same(t => t.index_select(0, i), t => index_select(t, 0, i));
        Same(t => t.index_add(0, i, rows, 2), t => index_add(t, 0, i, rows, 2), t => t.index_add_(0, i, rows, 2), t => index_add_(t, 0, i, rows, 2));
        Same(t => t.index_copy(0, i, rows), t => index_copy(t, 0, i, rows), t => t.index_copy_(0, i, rows), t => index_copy_(t, 0, i, rows));
        Same(t => t.index_fill(0, i, 3), t => index_fill(t, 0, i, 3), t => t.index_fill_(0, i, 3), t => index_fill_(t, 0, i, 3));
        Same(t => t.gather(0, wide), t => gather(t, 0, wide, false));
        Same(t => t.scatter(0, wide, rows), t => scatter(t, 0, wide, rows), t => t.scatter_(0, wide, rows), t => scatter_(t, 0, wide, rows));
        Same(t => t.scatter_add(0, wide, rows), t => scatter_add(t, 0, wide, rows), t => t.scatter_add_(0, wide, rows), t => scatter_add_(t, 0, wide, rows));
        Same(t => t.take(i), t => take(t, i));
        Same(t => t.take_along_dim(wide, 0), t => take_along_dim(t, wide, 0));
        Same(t => t[0].take_along_dim([1L, 2], 0), t => take_along_dim(t[0], [1L, 2], 0));
        Same(t => t.take_along_dim(i), t => t.take_along_dim([2L, 0]));
        Same(t => t.select_scatter(rows[0], 0, 1), t => select_scatter(t, rows[0], 0, 1));
        Same(t => t.slice_scatter(rows, 0, 1, 3), t => slice_scatter(t, rows, 0, 1, 3));
        Same(t => t.diagonal_scatter(rows[0, ..3]), t => diagonal_scatter(t, rows[0, ..3]));
        Same(t => t.masked_scatter(t.gt(4), rows), t => t.masked_scatter_(t.gt(4), rows));
        Same(t => t.narrow(1, 1, 2), t => narrow(t, 1, 1, 2));
        Assert.Equal([7.0, 7, 7, 7], x.clone().index_copy_(0, i, rows)[2].data<double>().ToArray());
        Assert.Equal([8.0, 0], x.take_along_dim(Longs(8, 0)).data<double>().ToArray());
        Assert.Equal([14.0, 1, 2, 3], zeros(4, float64).index_add(0, Longs(0, 1, 2, 3), tensor(new[] { 14.0, 1, 2, 3 }), 1).data<double>().ToArray());
    }

    static readonly Dictionary<string, (long[][] Shapes, Func<Tensor[], Tensor> Run)> Gradients = new()
    {
        ["index_copy"] = ([[3, 2], [2, 2]], x => x[0].index_copy(0, Longs(2, 0), x[1]) * x[0]),
        ["index_fill"] = ([[3, 2]], x => x[0].index_fill(1, Longs(1), 2) * x[0]),
        ["index_add"] = ([[3, 2], [3, 2]], x => x[0].index_add(0, Longs(2, 0, 2), x[1], 3) * x[1]),
        ["index_select"] = ([[3, 2]], x => x[0].index_select(0, Longs(2, 2)).pow(2)),
        ["gather"] = ([[3, 2]], x => x[0].gather(0, zeros(2, 2, int64)).pow(2)),
        ["scatter"] = ([[3, 2], [2, 2]], x => x[0].scatter(0, ones(1, 2, int64), x[1]) * x[0]),
        ["scatter_add"] = ([[3, 2], [2, 2]], x => x[0].scatter_add(0, ones(2, 1, int64), x[1]).pow(2)),
        ["take"] = ([[2, 2]], x => x[0].take(Longs(3, 3, -4)).pow(2)),
        ["take_along_dim"] = ([[2, 3]], x => x[0].take_along_dim(zeros(1, 3, int64), 0).pow(2)),
        ["select_scatter"] = ([[2, 3], [3]], x => x[0].select_scatter(x[1], 0, 1) * x[0]),
        ["slice_scatter"] = ([[4, 3], [2, 3]], x => x[0].slice_scatter(x[1], 0, 0, 4, 2) * x[0]),
        ["diagonal_scatter"] = ([[3, 3], [2]], x => x[0].diagonal_scatter(x[1], 1) * x[0]),
        ["masked_scatter"] = ([[2, 2], [3]], x => x[0].masked_scatter(tensor(new[] { true, false }), x[1]) * x[0]),
        ["index_put accumulated"] = ([[3], [2]], x => (x[0] * 1).index_put_(x[1], [Longs(1, 1)], true) * x[0]),
        ["index_put"] = ([[3, 2], [2]], x => (x[0] * 1).index_put_(x[1], [Longs(1, 2)], false) * x[0]),
        ["mixed index"] = ([[3, 4, 2]], x => x[0][TensorIndex.Slice(1), TensorIndex.Tensor(Longs(0, 3, 3)), 1].pow(2)),
        ["mask"] = ([[4]], x => x[0][tensor(new[] { true, false, true, true })].pow(2)),
        ["unfold"] = ([[5]], x => x[0].unfold(0, 3, 1).pow(2)),
        ["diagonal"] = ([[3, 4]], x => x[0].diagonal(1).pow(2)),
        ["as_strided that overlaps"] = ([[6]], x => x[0].as_strided([3, 3], [1, 1], 1).pow(2)),
        ["as_strided of a slice"] = ([[3, 4]], x => (x[0] * 2).t().as_strided([2, 3], [4, 1], 2).pow(2)),
        ["tensor_split"] = ([[5]], x => x[0].tensor_split(2)[0].pow(2)),
        ["split and unbind"] = ([[4, 2]], x => x[0].split(3)[1].pow(2) + x[0].unbind()[0]),
        ["movedim and unflatten"] = ([[2, 6]], x => x[0].unflatten(1, 2, 3).movedim([0], [2]).pow(2)),
        ["squeeze, expand"] = ([[2, 1]], x => x[0].squeeze(1).expand(3, 2).pow(2)),
    };

    public static TheoryData<string> Names() => [.. Gradients.Keys];

    [Theory, MemberData(nameof(Names))]
    public void Gradients_are_the_differences(string name)
    {
        Differences.Check(Gradients[name].Shapes, Gradients[name].Run, name);
        Differences.CheckTwice(Gradients[name].Shapes, x => Gradients[name].Run(x).pow(2), name);
    }
}
