using DiffusionBatch.Embedded.TorchSharp.Tests.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionBatch.Embedded.TorchSharp.Tests.Ops;

/// <summary>A reduction over the same dimensions, whichever way they are given.</summary>
public sealed class ReductionFormsTests
{
    static readonly long[] Outer = [0, 2];

    static Tensor Numbers => arange(12, dtype: float64).view(2, 3, 2);

    [Fact]
    public void Sums_means_and_products()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = Numbers;
        Assert.Equal([14, 22, 30], Values.Of(x.sum(Outer)));
        Values.Same(x.sum(Outer), torch.sum(torch.sum(x, 2L), 0L));
        Assert.Equal([1L, 3, 1], x.sum(Outer, keepdim: true).shape);
        Assert.Equal(float32, x.sum(Outer, type: float32).dtype);
        Assert.Equal([3.5, 5.5, 7.5], Values.Of(mean(x, Outer)));
        Assert.Equal([1L, 3, 1], mean(x, Outer, true).shape);
        Assert.Equal([0, 6, 20, 42, 72, 110], Values.Of(prod(x, 2)));
        Assert.Equal([2L, 3, 1], prod(x, 2, true).shape);
        Assert.Equal(int64, torch.sum(tensor(new[] { true, true }), 0L).dtype);
    }

    [Fact]
    public void Extremes()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = Numbers, largest = empty(0, float64), smallest = empty(0, float64);
        Values.Same(tensor(new[] { 7.0, 9, 11 }), amax(x, Outer), x.amax(Outer), x.amax(Outer, keepdim: true).squeeze(), amax(x, Outer, true).reshape(3));
        Values.Same(tensor(new[] { 0.0, 2, 4 }), amin(x, Outer), x.amin(Outer), x.amin(Outer, keepdim: true).squeeze(), amin(x, Outer, true).reshape(3));
        amax(x, Outer, false, largest);
        x.amin(Outer, false, smallest);
        Assert.Equal([7, 9, 11], Values.Of(largest));
        Assert.Equal([0, 2, 4], Values.Of(smallest));
    }

    [Fact]
    public void Spreads()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = Numbers;
        (Tensor std, Tensor mean) = x.std_mean(Outer, false, true);
        (Tensor var, Tensor center) = x.var_mean(Outer);
        Assert.Equal([9.25, 9.25, 9.25], Values.Of(x.var(Outer, false)));
        Assert.True(allclose(var, full([3], 37 / 3.0, float64)));
        Assert.Equal([1L, 3, 1], std.shape);
        Assert.True(allclose(std.squeeze(), full([3], Math.Sqrt(9.25), float64)));
        Values.Same(x.mean(Outer), center, mean.squeeze(), torch.std_mean(x, Outer).mean, torch.var_mean(x, Outer).mean);
        Values.Same(var, torch.var_mean(x, Outer).var, x.var(Outer));
        Values.Same(x.std(Outer), torch.std_mean(x, Outer).std);
        Assert.Equal(float32, x.std(Outer, type: float32).dtype);
    }

    [Fact]
    public void Shares_of_a_whole()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = tensor(new[] { 0f, MathF.Log(3) });
        Assert.True(allclose(softmax(x, 0), tensor(new[] { 0.25f, 0.75f })));
        Assert.Equal(float64, softmax(x, -1, float64).dtype);
    }
}
