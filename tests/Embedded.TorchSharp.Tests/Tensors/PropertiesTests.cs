using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionBatch.Embedded.TorchSharp.Tests.Tensors;

public sealed class PropertiesTests
{
    [Fact]
    public void Lengths_strides_and_counts()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = zeros(new long[] { 2, 3, 4 }, int16), turned = x.permute(2, 0, 1);
        Assert.Equal((3L, 3L, 3L, 24L), (x.dim(), x.ndim, x.Dimensions, x.NumberOfElements));
        Assert.Equal((2L, 2L), (x.element_size(), x.ElementSize));
        Assert.Equal([4L, 2, 3], turned.size());
        Assert.Equal((4L, 3L, 1L, 12L), (turned.size(0), turned.size(-1), turned.stride(0), turned.stride(1)));
        Assert.True(x.is_contiguous() && !turned.is_contiguous() && turned.contiguous().is_contiguous());
        Assert.True(x.is_integral() && !zeros(1).is_integral());
        Assert.Throws<ExternalException>(() => x.size(3));
        Assert.Throws<ExternalException>(() => x.stride(-4));
    }

    [Fact]
    public void A_handle_is_the_tensors_own_until_it_is_disposed()
    {
        Tensor x = ones(1), y = x.alias();
        Assert.NotEqual(IntPtr.Zero, x.Handle);
        Assert.NotEqual(x.Handle, y.Handle);
        x.Dispose();
        y.Dispose();
        Assert.Throws<ObjectDisposedException>(() => x.Handle);
    }

    [Fact]
    public void Sizes_add_and_are_walked()
    {
        Size s = new Size((2, 3)) + new List<long> { 4, 5 };
        List<long> seen = [];
        foreach (long d in s) seen.Add(d);
        Assert.Equal([2L, 3, 4, 5], seen);
    }

    [Fact]
    public void Slices_by_range_and_by_pair()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = arange(6);
        Values.Same(x[1..4], x[TensorIndex.Slice(1..4)], x[TensorIndex.Slice((1, 4))], x[TensorIndex.Slice((1, -2))], x[TensorIndex.Slice(1..^2)]);
        Values.Same(x[2..], x[TensorIndex.Slice((2, null))], x[TensorIndex.Slice(2..)]);
        Assert.Equal([1, 2, 3], Values.Of(x[TensorIndex.Slice(1..4)]));
    }
}
