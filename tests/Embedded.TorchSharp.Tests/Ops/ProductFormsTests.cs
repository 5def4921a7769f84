using DiffusionBatch.Embedded.TorchSharp.Tests.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionBatch.Embedded.TorchSharp.Tests.Ops;

public sealed class ProductFormsTests
{
    [Fact]
    public void Matrices()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor a = tensor(new[] { 1f, 2, 3, 4, 5, 6 }, [2, 3]), b = tensor(new[] { 1f, 0, 2, 1, 0, 3 }, [3, 2]);
        Assert.Equal([5, 11, 14, 23], Values.Of(mm(a, b)));
        Values.Same(mm(a, b), a.mm(b), matmul(a, b), bmm(a.unsqueeze(0), b.unsqueeze(0))[0], a.matmul(b));
        Assert.ThrowsAny<Exception>(() => mm(a, a));
        Assert.ThrowsAny<Exception>(() => a.mm(ones(3)));
        Assert.ThrowsAny<Exception>(() => bmm(a, b));
    }

    [Fact]
    public void Dimensions_that_are_summed_are_named_in_pairs()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor a = arange(12, dtype: float64).view(2, 3, 2), b = arange(6, dtype: float64).view(2, 3);
        Tensor expected = einsum("ijk,lj->ikl", a, b);
        Values.Same(expected, a.tensordot(b, new long[] { 1 }, new long[] { 1 }), a.tensordot(b, [(1L, 1L)]));
        Assert.Equal([10, 28, 13, 40, 28, 100, 31, 112], Values.Of(expected));
        Assert.Equal([110, 125], Values.Of(a.tensordot(b, [(0L, 0L), (1L, 1L)])));
        Assert.ThrowsAny<Exception>(() => a.tensordot(b, new long[] { 2 }, new long[] { 1 }));
    }

    [Fact]
    public void Activations_in_place_and_not()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = tensor(new[] { -1.0, 0, 1 });
        Assert.True(allclose(x.gelu(), tensor(new[] { -0.15865525393145707, 0, 0.8413447460685429 })));
        Assert.True(allclose(x.silu(), tensor(new[] { -0.2689414213699951, 0, 0.7310585786300049 })));
        Values.Same(x.gelu(), x.clone().gelu_());
        Values.Same(x.silu(), x.clone().silu_());
        Tensor y = x.clone(), back = y.relu_();
        Assert.Equal([0, 0, 1], Values.Of(y));
        Assert.Equal(y.Handle, back.Handle);
        (Tensor mantissa, Tensor exponent) = frexp(tensor(new[] { 10.0, -0.375, 0 }));
        Assert.Equal([0.625, -0.75, 0], Values.Of(mantissa));
        Assert.Equal([4, -1, 0], Values.Of(exponent));
    }
}
