using DiffusionBatch.Embedded.TorchSharp.Tests.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionBatch.Embedded.TorchSharp.Tests.Views;

public sealed class ShapeFormsTests
{
    [Fact]
    public void Turned_reshaped_and_picked()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = arange(6).view(2, 3);
        Assert.Equal([0, 3, 1, 4, 2, 5], Values.Of(permute(x, 1, 0)));
        Assert.Equal([3L, 2], permute(x, 1, 0).shape);
        Values.Same(x.view(3, 2), reshape(x, 3, -1), reshape(x, new long[] { 3, 2 }));
        Assert.Equal([2, 5], Values.Of(torch.select(x, 1, 2)));
        Assert.Equal([2, 3], Values.Of(gather(x, 1, tensor(new[] { 2L, 0 }, [2, 1]))));
    }

    [Fact]
    public void Truth_values_choose_and_are_placed()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = arange(4).view(2, 2);
        Tensor[] places = where(x >= 2);
        Assert.Equal(2, places.Length);
        Assert.Equal([1, 1], Values.Of(places[0]));
        Assert.Equal([0, 1], Values.Of(places[1]));
        Assert.Equal([-1, -1, 2, 3], Values.Of(x.where(x >= 2, full_like(x, -1))));
    }

    [Fact]
    public void Widened()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = arange(3);
        long[] wide = [2, 3];
        Values.Same(x.expand(2, 3), x.expand(wide, isImplicit: false), x.broadcast_to(2, 3), x.expand_as(zeros(2, 3)));
        Assert.Equal([0, 1, 2, 0, 1, 2], Values.Of(x.broadcast_to(wide)));
        Assert.ThrowsAny<Exception>(() => x.broadcast_to(2, 4));
    }

    [Fact]
    public void Rolled()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = arange(6).view(2, 3);
        long[] one = [1], along = [1], both = [1, 1], dims = [0, 1];
        Values.Same(x.roll(1), x.roll(one), roll(x, one));
        Assert.Equal([5, 0, 1, 2, 3, 4], Values.Of(x.roll(one)));
        Values.Same(x.roll(1, 1), x.roll(one, along), roll(x, one, along));
        Assert.Equal([2, 0, 1, 5, 3, 4], Values.Of(roll(x, one, along)));
        Assert.Equal([5, 3, 4, 2, 0, 1], Values.Of(x.roll(both, dims)));
    }

    [Fact]
    public void Split_and_joined()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = arange(6).view(6, 1);
        long[] lengths = [1, 2, 3];
        foreach (Tensor[] parts in new[] { x.split(1, 2, 3), x.split(lengths, 0L) })
        {
            Assert.Equal([1L, 2, 3], parts.Select(p => p.size(0)));
            Values.Same(x, cat(new List<Tensor>(parts), 0), concat(parts), concatenate(parts), cat(parts));
        }

        Assert.Equal([1L, 3], concat(new[] { x[..1], x[1..2], x[2..3] }, 1).shape);
        Assert.Equal([1L, 3], concatenate(new[] { x[..1], x[1..2], x[2..3] }, -1).shape);
        Assert.ThrowsAny<Exception>(() => x.split(1, 2, 4));
    }
}
