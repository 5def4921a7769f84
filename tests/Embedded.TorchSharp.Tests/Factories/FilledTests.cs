using System.Runtime.InteropServices;
using DiffusionBatch.Embedded.TorchSharp.Tests.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionBatch.Embedded.TorchSharp.Tests.Factories;

/// <summary>One filling, whichever way its shape is given.</summary>
public sealed class FilledTests
{
    static void Check(double value, ScalarType type, params Tensor[] forms)
    {
        long[][] shapes = [[2], [2, 3], [2, 3, 4], [2, 3, 4, 5]];
        for (int i = 0; i < forms.Length; i++)
        {
            Assert.Equal(shapes[i], forms[i].shape);
            Assert.Equal(type, forms[i].dtype);
            Assert.All(Values.Of(forms[i]), v => Assert.Equal(value, v));
        }
    }

    [Fact]
    public void Zeros_and_ones()
    {
        using DisposeScope scope = NewDisposeScope();
        Check(0, float32, zeros(2L), zeros(2L, 3L), zeros(2L, 3L, 4L), zeros(2L, 3L, 4L, 5L));
        Check(0, int16, zeros(new long[] { 2 }, int16), zeros([2, 3], int16), zeros(2, 3, 4, int16));
        Check(1, float32, ones(2L), ones(2L, 3L), ones(2L, 3L, 4L), ones(2L, 3L, 4L, 5L));
        Check(1, @bool, ones(new long[] { 2 }, @bool), ones(2L, 3L, @bool), ones(2L, 3L, 4L, @bool));
        Assert.Throws<ExternalException>(() => zeros(-1L));
    }

    [Fact]
    public void One_number()
    {
        using DisposeScope scope = NewDisposeScope();
        Check(2.5, float32, full(2L, 2.5), full(2L, 3L, 2.5), full(2L, 3L, 4L, 2.5), full(2L, 3L, 4L, 5L, 2.5));
        Check(2.5, float64, full(2, 2.5, float64), full(2, 3, 2.5, float64), full(2, 3, 4, 2.5, float64), full(2, 3, 4, 5, 2.5, float64));
        Check(7, int64, full(new long[] { 2 }, 7), full(new long[] { 2, 3 }, 7L));
        Tensor like = zeros(2, 3);
        Values.Same(full([2, 3], 4, float32), full_like(like, 4), like.full_like(4), like.new_full(new long[] { 2, 3 }, 4));
        Values.Same(like, like.new_zeros(new long[] { 2, 3 }), zeros_like(like));
        Check(1, int8, like.new_full(new long[] { 2 }, 1, int8));
    }

    [Fact]
    public void Unwritten_tensors_have_the_shape_and_hold_what_is_written()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor[] forms = [empty(2L), empty(2L, 3L), empty(2L, 3L, 4L), empty(2L, 3L, 4L, 5L)];
        Check(3, float32, [.. forms.Select(x => x.fill_(3))]);
        Check(3, float64, zeros(1, float64).new_empty(new long[] { 2 }).fill_(3), empty_like(forms[1], float64).fill_(3));
        Assert.Equal([2L, 3, 4, 5], empty(2, 3, 4, 5).shape);
        Assert.True(empty(2L, requires_grad: true).requires_grad);
    }

    [Fact]
    public void Evenly_spaced_numbers()
    {
        using DisposeScope scope = NewDisposeScope();
        Assert.Equal([-1, -0.5, 0, 0.5, 1], Values.Of(linspace(-1.0, 1.0, 5)));
        Assert.Equal([3], Values.Of(linspace(3.0, 9.0, 1, float64)));
        Assert.Equal(0, linspace(0.0, 1.0, 0).NumberOfElements);
    }
}
