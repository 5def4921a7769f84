using System.Runtime.InteropServices;
using DiffusionBatch.Embedded.TorchSharp.Tests.Autograd;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionBatch.Embedded.TorchSharp.Tests.Ops;

/// <summary>Forms of reductions agree, gradients are the differences, and empty inputs are refused in libtorch's words.</summary>
public sealed class ReductionTests
{
    static Tensor Edges => tensor(new[] { -2.0, -1, 0, 1, 2 });

    static readonly Dictionary<string, Func<Tensor, Tensor[]>> Forms = new()
    {
        ["sum"] = x => [x.sum(), sum(x), x.sum(0, 1, 2), x.sum([0L, 1L, 2L]), sum(x, [0L, 1L, 2L])],
        ["sum of two"] = x => [x.sum(0, 1), x.sum([0L, 1L]), sum(x, [0L, 1L])],
        ["mean"] = x => [x.mean(), mean(x), x.mean([0, 1, 2])],
        ["prod"] = x => [x.prod(), prod(x), x.flatten().prod(0L), x.prod(2).prod(1).prod(0L)],
        ["var"] = x => [x.var(), var(x), x.var([0, 1, 2]), x.var((0, 1, 2)), var(x, (0, 1, 2)), var(x, [0L, 1L, 2L]), x.var_mean().var, var_mean(x).var, x.std().square(), std_mean(x).std.square()],
        ["var of one"] = x => [x.var(1), var(x, 1), x.var_mean(1).var, var_mean(x, 1).var, x.std(1).square(), std(x, 1).square()],
        ["var of two"] = x => [x.var((0, 2)), var(x, (0, 2)), x.var([0L, 2L]), x.var(new ReadOnlySpan<long>([0, 2])), x.var_mean((0, 2)).var, var_mean(x, (0, 2)).var, x.var_mean([0L, 2L]).var, var_mean(x, [0L, 2L]).var, x.var_mean(new ReadOnlySpan<long>([0, 2])).var, var_mean(x, new ReadOnlySpan<long>([0, 2])).var],
        ["std of two"] = x => [x.std((0, 2)), std(x, (0, 2)), x.std([0L, 2L]), std(x, [0L, 2L]), x.std(new ReadOnlySpan<long>([0, 2])), x.std_mean((0, 2)).std, std_mean(x, (0, 2)).std, x.std_mean([0L, 2L]).std, std_mean(x, [0L, 2L]).std, x.std_mean(new ReadOnlySpan<long>([0, 2])).std, std_mean(x, new ReadOnlySpan<long>([0, 2])).std],
        ["std of all"] = x => [x.std(), std(x), x.std((0, 1, 2)), std(x, (0, 1, 2)), x.std_mean((0, 1, 2)).std, std_mean(x, (0, 1, 2)).std, x.std_mean().std],
        ["mean of var_mean"] = x => [x.mean([1]), x.var_mean(1).mean, var_mean(x, 1).mean, x.std_mean(1).mean, std_mean(x, 1).mean, x.nanmean(1), nanmean(x, 1)],
        ["mean of all"] = x => [x.mean(), x.var_mean((0, 1, 2)).mean, var_mean(x, (0, 1, 2)).mean],
        ["norm"] = x => [x.norm(), norm(x), norm(x, 2f), x.square().sum().sqrt(), x.dist(zeros_like(x)), dist(x, zeros_like(x))],
        ["norm of one"] = x => [x.norm(1), norm(x, 1, false, 2f), x.square().sum(1).sqrt()],
        ["amax"] = x => [x.amax(1), x.amax([1L], false), amax(x, [1L]), amax(x, [1L], false), x.amax(new ReadOnlySpan<long>([1])), amax(x, new ReadOnlySpan<long>([1])), x.max(1).values, max(x, 1).values, x.aminmax(1).max, aminmax(x, 1).max, x.sort(1, true).Values.select(1, 0), x.amax([1L], false, empty([2, 2], ScalarType.Float64)), x.amax([1L], false, empty([0], ScalarType.Float64))],
        ["amin"] = x => [x.amin(1), x.amin([1L], false), amin(x, [1L], false), x.amin(new ReadOnlySpan<long>([1])), amin(x, new ReadOnlySpan<long>([1])), x.min(1).values, min(x, 1).values, x.aminmax(1).min, aminmax(x, 1).min, x.kthvalue(1, 1).values, kthvalue(x, 1, 1).values, Tensor.kthvalue(x, 1, 1).values],
        ["max"] = x => [x.max(), max(x), x.aminmax().max],
        ["min"] = x => [x.min(), min(x), x.aminmax().min, aminmax(x).min],
        ["argmax"] = x => [x.argmax(1), argmax(x, 1), x.max(1).indexes, x.argsort(1, true).select(1, 0), argsort(x, 1, true).select(1, 0), x.topk(1, 1).indexes.squeeze(1), topk(x, 1, 1).indexes.squeeze(1)],
        ["argmin"] = x => [x.argmin(1), argmin(x, 1), x.min(1).indexes],
        ["argmax of all"] = x => [x.argmax(), argmax(x), x.flatten().argmax(0)],
        ["argmin of all"] = x => [x.argmin(), argmin(x), x.flatten().argmin(0)],
        ["all"] = x => [(x != 0).all(), all(x != 0), all(x, 0).all().all()],
        ["any"] = x => [(x != 0).any(), any(x != 0), any(x, 0).any().any()],
        ["count"] = x => [x.count_nonzero(), count_nonzero(x), x.count_nonzero([0, 1, 2]), (x != 0).sum(), x.norm(0f).to_type(ScalarType.Int64)],
        ["cumsum"] = x => [x.cumsum(1), cumsum(x, 1), cat([x.narrow(1, 0, 1), x.narrow(1, 0, 2).sum(1, true), x.sum(1, true)], 1)],
        ["cumprod"] = x => [x.cumprod(1), cumprod(x, 1), cat([x.narrow(1, 0, 1), x.narrow(1, 0, 2).prod(1, true), x.prod(1, true)], 1)],
        ["cummax"] = x => [x.cummax(1).values, cummax(x, 1).values, x.neg().cummin(1).values.neg(), cummin(-x, 1).values.neg()],
        ["logcumsumexp"] = x => [x.logcumsumexp(1), logcumsumexp(x, 1), x.exp().cumsum(1).log()],
        ["logsumexp"] = x => [x.logsumexp(1), logsumexp(x, 1), x.exp().sum(1).log()],
        ["nansum"] = x => [x.nansum(), nansum(x), x.sum()],
        ["median"] = x => [x.median(), median(x), x.nanmedian(), nanmedian(x), x.flatten().kthvalue(6, null).values],
        ["quantile"] = x => [x.quantile(tensor(0.25), 1), quantile(x, tensor(0.25), 1), x.nanquantile(tensor(0.25), 1), nanquantile(x, tensor(0.25), 1)],
        ["mode"] = x => [x.mode(1).values, mode(x, 1).values, x.min(1).values],
        ["msort"] = x => [x.msort(), msort(x), x.sort(0).Values, sort(x, 0).Values],
        ["unique"] = x => [x.unique().output, unique(x).output, x.flatten().sort().Values, unique_consecutive(x.flatten().sort().Values).output, x.flatten().msort().unique_consecutive().output],
        ["diff"] = x => [x.diff(), diff(x), x.narrow(2, 1, 1) - x.narrow(2, 0, 1), x.narrow(2, 1, 1).diff(prepend: x.narrow(2, 0, 1))],
        ["trapezoid"] = x => [x.trapezoid(1.0, 1), trapezoid(x, 1.0, 1), trapz(x, 1.0, 1), x.trapezoid(arange(3.0), 1), trapezoid(x, arange(3.0), 1), trapz(x, arange(3.0), 1), x.cumulative_trapezoid(1.0, 1).select(1, 1), cumulative_trapezoid(x, 1.0, 1).select(1, 1), x.cumulative_trapezoid(arange(3.0), 1).select(1, 1), cumulative_trapezoid(x, arange(3.0), 1).select(1, 1)],
        ["renorm"] = x => [x.renorm(2, 0, 100), renorm(x, 2, 0, 100), x],
        ["histc"] = x => [x.histc(3, -9, 9), histc(x, 3, -9, 9)],
        ["bincount"] = x => [(x * 10).abs().@long().flatten().bincount(ones([12])).@long(), bincount((x * 10).abs().@long().flatten())],
        ["searchsorted"] = x => [searchsorted(Edges, x), bucketize(x, Edges), x.bucketize(Edges), searchsorted(Edges.flip(0), x, sorter: arange(4, -1, -1)), x.bucketize(Edges, true).@long()],
        ["searchsorted of a number"] = x => [searchsorted(Edges, 0.5, false, false, arange(5)), tensor(3L)],
        ["isin"] = x => [x.isin(x[0]), isin(x, x[0]), x.isin(x[0], invert: true).logical_not(), cat([ones([1, 3, 2], ScalarType.Bool), zeros([1, 3, 2], ScalarType.Bool)])],
        ["flips"] = x => [x.flip(0), flip(x, 0), x.flipud(), flipud(x)],
        ["flip across"] = x => [x.flip(1), x.fliplr(), fliplr(x)],
        ["roll"] = x => [x.roll(1, 1), roll(x, 1, 1), x.roll([1L], [1L]), roll(x, [1L], [1L]), x.roll((1, 2), (1, 0)), roll(x, (1, 2), (1, 0)), x.roll((1, 0, 2), (1, 0, 2)), roll(x, (1, 0, 2), (1, 0, 2)), x.roll(new ReadOnlySpan<long>([1]), new ReadOnlySpan<long>([1])), roll(x, new ReadOnlySpan<long>([1]), new ReadOnlySpan<long>([1]))],
        ["roll of all"] = x => [x.roll(2), roll(x, 2), x.roll([2L]), roll(x, [2L])],
        ["rot90"] = x => [x.rot90(2), rot90(x, 2), x.flip(0, 1), x.rot90().rot90(), x.rot90(5).rot90(-3, (0, 1)).rot90(0)],
        ["tril"] = x => [x.tril(), tril(x), x.clone().tril_(), tril_(x.clone()), x - x.triu(1), x - triu(x, 1), x - x.clone().triu_(1), x - triu_(x.clone(), 1)],
        ["indices"] = x => [tril_indices(3, 2), stack(ones([3, 2]).tril().nonzero().unbind(1))],
        ["upper indices"] = x => [triu_indices(2, 3), stack(ones([2, 3]).triu().nonzero().unbind(1))],
        ["diag"] = x => [x[0][0].diag(), diag(x[0][0]), x[0][0].diagflat(), diagflat(x[0][0]), x[0][0].diag_embed(), diag_embed(x[0][0]), block_diag(x[0][0][0], x[0][0][1])],
        ["tile"] = x => [x.tile([2]), tile(x, [2]), x.repeat(1, 1, 2), cat([x, x], 2)],
        ["repeat_interleave"] = x => [x.repeat_interleave(2, 1), repeat_interleave(x, 2, 1), x.repeat_interleave(tensor(2L), 1), repeat_interleave(x, tensor(new long[] { 2, 2, 2 }), 1)],
        ["hstack"] = x => [hstack(x, x), hstack((IList<Tensor>)[x, x]), hstack((IEnumerable<Tensor>)[x, x]), hstack(new ReadOnlySpan<Tensor>([x, x])), cat([x, x], 1), column_stack(x, x), column_stack((IList<Tensor>)[x, x]), column_stack(new ReadOnlySpan<Tensor>([x, x]))],
        ["vstack"] = x => [vstack(new[] { x, x }), vstack((IList<Tensor>)[x, x]), vstack(new ReadOnlySpan<Tensor>([x, x])), row_stack(x, x), row_stack((IList<Tensor>)[x, x]), row_stack(new ReadOnlySpan<Tensor>([x, x])), concat([x, x]), concat((IList<Tensor>)[x, x]), concat(new ReadOnlySpan<Tensor>([x, x])), concatenate([x, x]), concatenate((IList<Tensor>)[x, x]), concatenate(new ReadOnlySpan<Tensor>([x, x]))],
        ["dstack"] = x => [dstack(x, x), dstack((IList<Tensor>)[x, x]), dstack((IEnumerable<Tensor>)[x, x]), dstack(new ReadOnlySpan<Tensor>([x, x])), cat([x, x], 2)],
        ["atleast"] = x => [x.atleast_3d(), x.atleast_2d(), x.atleast_1d(), atleast_1d(x).Single(), atleast_2d(x).Single(), atleast_3d(x).Single(), x[0].atleast_3d().squeeze(2).unsqueeze(0).expand_as(x) * 0 + x],
        ["cartesian"] = x => [cartesian_prod(x[0][0], x[1][1]), cartesian_prod((IList<Tensor>)[x[0][0], x[1][1]]), cartesian_prod(new ReadOnlySpan<Tensor>([x[0][0], x[1][1]])), stack(meshgrid([x[0][0], x[1][1]]).Select(g => g.flatten()), 1)],
        ["combinations"] = x => [combinations(x[0][0]), x[0][0].unsqueeze(0)],
    };

    public static TheoryData<string> Names() => [.. Forms.Keys];

    [Theory, MemberData(nameof(Names))]
    public void Forms_agree(string name)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = tensor([0.5, -1.25, 3, 0.75, -0.1, 2, 1.5, 0.25, -2, 1, 0.3, 0.9], [2, 3, 2]);
        Tensor[] results = Forms[name](x);
        for (int k = 1; k < results.Length; k++)
        {
            if (name == "roll" && k is > 3 and < 8) continue; // other shifts, below
            Assert.True(results[0].shape.AsSpan().SequenceEqual(results[k].shape), $"shape of form {k} of {name}");
            Assert.True(allclose(results[0].@double(), results[k].@double(), 1e-6, 1e-9), $"form {k} of {name}");
        }
        if (name == "roll") Assert.Equal(results[4], results[0].roll(2, 0));
    }

    static readonly Dictionary<string, Func<Tensor, Tensor>> Gradients = new()
    {
        ["prod"] = x => x.prod(1),
        ["prod with a zero"] = x => (x * tensor(new[] { 1.0, 0, 2, 1 })).prod(1),
        ["prod of all"] = x => x.prod(),
        ["nansum"] = x => x.nansum(),
        ["nanmean"] = x => x.nanmean(1),
        ["var"] = x => x.var(1),
        ["std"] = x => x.std([0, 1]),
        ["std of rows"] = x => x.std(1, false, true),
        ["std_mean"] = x => x.std_mean(1) is var (s, m) ? s * m : x,
        ["norm"] = x => x.norm(),
        ["norm 1"] = x => x.norm(1, false, 1),
        ["norm 3"] = x => x.norm(0, true, 3),
        ["norm 1.5"] = x => x.norm(0, true, 1.5f),
        ["norm inf"] = x => x.norm(1, false, float.PositiveInfinity),
        ["renorm"] = x => x.renorm(2, 0, 1),
        ["dist"] = x => x.dist(x.flip(0)),
        ["amax"] = x => x.amax(1),
        ["aminmax"] = x => x.aminmax(1) is var (a, b) ? a * b : x,
        ["cumsum"] = x => x.cumsum(1),
        ["cumprod"] = x => x.cumprod(1),
        ["cumprod with a zero"] = x => (x * tensor(new[] { 1.0, 0, 2, 1 })).cumprod(1),
        ["cummax"] = x => x.cummax(1).values,
        ["logcumsumexp"] = x => x.logcumsumexp(1),
        ["diff"] = x => x.diff(2, 1, append: x),
        ["median"] = x => x.median(),
        ["kthvalue"] = x => x.kthvalue(2, 1).values,
        ["mode"] = x => x.mode(1).values,
        ["quantile"] = x => x.quantile(tensor(new[] { 0.3, 0.8 }), 1),
        ["sort"] = x => x.sort(1).Values,
        ["topk"] = x => x.topk(2).values,
        ["trapezoid"] = x => x.trapezoid(x.select(0, 0), 1),
        ["flip"] = x => x.flip(0, 1),
        ["roll"] = x => x.roll([1, 2], [0, 1]),
        ["rot90"] = x => x.rot90(),
        ["tile"] = x => x.tile([2, 2]),
        ["repeat_interleave"] = x => x.repeat_interleave(tensor(new long[] { 1, 0, 2 }), 0),
        ["tril"] = x => x.tril(),
        ["triu"] = x => x.triu(1),
        ["diag"] = x => x.diag(1),
        ["diag_embed"] = x => x.diag_embed(-1, 0, 1),
        ["block_diag"] = x => block_diag(x, x.t()),
        ["vander"] = x => x.select(0, 0).vander(4),
        ["cartesian_prod"] = x => cartesian_prod(x.select(0, 0), x.select(1, 0)),
        ["combinations"] = x => combinations(x.select(0, 0)),
        ["stacks"] = x => hstack(x, vstack(new[] { x, x }).narrow(0, 1, 3), dstack(x, x).select(2, 1)),
    };

    public static TheoryData<string> Differentiable() => [.. Gradients.Keys];

    [Theory, MemberData(nameof(Differentiable))]
    public void Gradients_are_the_differences(string name) => GradientCheck.Run(name, [[3, 4]], x => Gradients[name](x[0]));

    [Fact]
    public void What_cannot_be_computed_is_refused_in_libtorch_s_words()
    {
        Tensor nothing = empty([0]), whole = ones([2, 2], ScalarType.Int64);
        Says("max(): Expected reduction dim to be specified for input.numel() == 0. Specify the reduction dim with the 'dim' argument.", () => nothing.max());
        Says("argmax(): Expected reduction dim to be specified for input.numel() == 0. Specify the reduction dim with the 'dim' argument.", () => nothing.argmax());
        Says("max(): Expected reduction dim 0 to have non-zero size.", () => nothing.max(0).values);
        Says("std and var only support floating point and complex dtypes", () => whole.var());
        Says("mean(): could not infer output dtype. Input dtype must be either a floating point or complex dtype. Got: Long", () => whole.mean());
        Says("linalg.vector_norm: Expected a floating point or complex tensor as input. Got Long", () => whole.norm());
        Says("stack expects each tensor to be equal size, but got [2] at entry 0 and [3] at entry 1", () => stack([ones(2), ones(3)]));
        Says("bincount only supports 1-d non-negative integral inputs.", () => bincount(tensor(new long[] { -1 })));
        Says("quantile() q values must be in the range [0, 1]", () => ones(3).quantile(tensor(1.5f)));
        Assert.Equal(0, nothing.sum().item<float>());
        Assert.Equal(1, nothing.prod().item<float>());
        Assert.True(float.IsNaN(nothing.mean().item<float>()) && float.IsNaN(ones(1).var().item<float>()) && float.IsNaN(nothing.median().item<float>()));

        static void Says(string message, Func<Tensor> run) => Assert.Equal(message, Assert.Throws<ExternalException>(() => run()).Message);
    }
}
