using DiffusionBatch.Embedded.TorchSharp.Tests.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionBatch.Embedded.TorchSharp.Tests.Factories;

/// <summary>The same seed gives the same draws, whichever way the shape is given.</summary>
public sealed class DrawnTests
{
    static Generator Seeded => new(11);

    static void Check(params Tensor[] forms)
    {
        long[][] shapes = [[24], [4, 6], [2, 3, 4], [1, 2, 3, 4]];
        for (int i = 0; i < forms.Length; i++) Assert.Equal(shapes[i], forms[i].shape);
        Values.Same([.. forms.Select(x => x.reshape(-1))]);
    }

    [Fact]
    public void Uniform_draws()
    {
        using DisposeScope scope = NewDisposeScope();
        Check(rand(24L, generator: Seeded), rand(4L, 6L, generator: Seeded), rand(2L, 3L, 4L, generator: Seeded), rand(1L, 2L, 3L, 4L, generator: Seeded));
        Check(rand(new long[] { 24 }, generator: Seeded), rand((ReadOnlySpan<long>)[4, 6], generator: Seeded), rand(2, 3, 4, generator: Seeded), rand(1, 2, 3, 4, generator: Seeded));
        Values.Same(rand(24L, generator: Seeded), rand(new long[] { 24 }, generator: Seeded));
        Assert.All(Values.Of(rand(24L, generator: Seeded)), v => Assert.InRange(v, 0, 1));
        Assert.True(rand(24L, generator: Seeded).std().ToDouble() is > 0.2 and < 0.4);
    }

    [Fact]
    public void Normal_draws()
    {
        using DisposeScope scope = NewDisposeScope();
        Check(randn((ReadOnlySpan<long>)[24], generator: Seeded), randn(4L, 6L, generator: Seeded), randn((ReadOnlySpan<long>)[2, 3, 4], generator: Seeded), randn(1L, 2L, 3L, 4L, generator: Seeded));
    }

    [Fact]
    public void Whole_draws()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = randint(3L, 9L, new long[] { 200 }, generator: Seeded), y = randint(6L, new long[] { 200 }, generator: Seeded);
        Assert.Equal((int64, 3.0, 8.0), (x.dtype, Values.Of(x).Min(), Values.Of(x).Max()));
        Assert.Equal((0.0, 5.0), (Values.Of(y).Min(), Values.Of(y).Max()));
        Assert.Equal(float64, randint(6L, new long[] { 2 }, float64).dtype);
    }

    [Fact]
    public void Draws_like_another_tensor()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor like = zeros(40, 50), uniform = rand_like(like), normal = randn_like(like, float64);
        Assert.Equal((40L, 50L, float32), (uniform.size(0), uniform.size(1), uniform.dtype));
        Assert.Equal((40L, 50L, float64), (normal.size(0), normal.size(1), normal.dtype));
        Assert.InRange(uniform.mean().ToDouble(), 0.45, 0.55);
        Assert.InRange(normal.std().ToDouble(), 0.9, 1.1);
    }
}
