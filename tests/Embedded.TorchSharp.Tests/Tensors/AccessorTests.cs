using TorchSharp;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace DiffusionBatch.Embedded.TorchSharp.Tests.Tensors;

public sealed class AccessorTests
{
    [Fact]
    public void Elements_are_counted_and_walked_in_row_major_order()
    {
        using DisposeScope scope = NewDisposeScope();
        TensorAccessor<long> turned = arange(6).view(2, 3).t().data<long>();
        Assert.Equal(6, turned.Count);
        List<long> seen = [];
        foreach (long value in turned) seen.Add(value);
        Assert.Equal([0L, 3, 1, 4, 2, 5], seen);
        turned.Dispose();
        Assert.Equal(1, tensor(5L).data<long>().Count);
    }

    [Fact]
    public void Copies_out_start_at_either_end()
    {
        using DisposeScope scope = NewDisposeScope();
        TensorAccessor<long> turned = arange(6).view(2, 3).t().data<long>();
        long[] array = [9, 9, 9, 9];
        turned.CopyTo(array, 1, 2);
        Assert.Equal([9L, 1, 4, 2], array);
        turned.CopyTo(array.AsSpan(), 2, 5);
        Assert.Equal([9L, 1, 5, 2], array);
        turned.CopyTo(array, 4);
        turned.CopyTo(array, 0, 6);
        Assert.Equal([9L, 1, 5, 2], array);
    }

    [Fact]
    public void Copies_in_write_through_to_the_tensor()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = arange(6).view(2, 3);
        x.data<long>().CopyFrom([7, 8], 0, 4);
        Assert.Equal([0, 1, 2, 3, 7, 8], Values.Of(x));
        long[] values = [-1, -2, -3];
        x.t().data<long>().CopyFrom(values, 1, 2);
        Assert.Equal([0, -2, 2, 3, -3, 8], Values.Of(x));
        x.data<long>().CopyFrom(new ReadOnlySpan<long>(values), 0, 5);
        Assert.Equal([0, -2, 2, 3, -3, -1], Values.Of(x));
        x.t().data<long>().CopyFrom(new ReadOnlySpan<long>([10, 11, 12, 13, 14, 15]));
        Assert.Equal([10, 12, 14, 11, 13, 15], Values.Of(x));
    }

    [Fact]
    public void Indices_are_by_dimension_or_in_row_major_order_and_inside()
    {
        using DisposeScope scope = NewDisposeScope();
        TensorAccessor<long> turned = arange(6).view(2, 3).t().data<long>(), row = arange(6)[TensorIndex.Slice(step: 2)].data<long>();
        Assert.Equal((5L, 2L, 4L, 7L), (turned[2, 1], turned[4], row[2], tensor(7L).data<long>()[0]));
        turned[1, 1] = 9;
        turned[0] = 8;
        Assert.Equal([8L, 3, 1, 9, 2, 5], turned.ToArray());
        Assert.Equal("3 >= 3 in dimension 0.", Assert.Throws<IndexOutOfRangeException>(() => turned[3, 0]).Message);
        Assert.Throws<IndexOutOfRangeException>(() => turned[0, -1]);
        Assert.Throws<IndexOutOfRangeException>(() => turned[6]);
        Assert.Throws<IndexOutOfRangeException>(() => turned[0, 0, 0]);
        Assert.Throws<ArgumentOutOfRangeException>(() => row[-1]);
        Assert.Throws<IndexOutOfRangeException>(() => row[3] = 1);
    }
}
