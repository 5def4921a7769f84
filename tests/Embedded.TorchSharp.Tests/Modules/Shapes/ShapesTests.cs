using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DiffusionBatch.Embedded.TorchSharp.Tests.Modules;

public sealed class ShapesTests
{
    [Fact]
    public void Dimensions_are_merged_and_split()
    {
        using DisposeScope scope = NewDisposeScope();
        using Flatten all = nn.Flatten(), some = nn.Flatten(1, 2);
        using Unflatten split = nn.Unflatten(1, [3, -1]);
        Tensor x = arange(48, float32).reshape(2, 3, 4, 2);
        Assert.Equal((1L, -1L, 2L), (all.start_dim, all.end_dim, some.end_dim));
        Assert.True(all.call(x).Equals(x.reshape(2, 24)));
        Assert.Equal([2L, 12, 2], some.call(x).shape);
        Assert.Equal(1, split.dim);
        Assert.Equal([3L, -1], split.unflattened_size);
        Assert.True(split.call(some.call(x)).Equals(x));
        (some.start_dim, some.end_dim) = (0, -1);
        (split.dim, split.unflattened_size) = (0, [6, 8]);
        Assert.Equal([6L, 8], split.call(some.call(x)).shape);
    }

    [Fact]
    public void Angles_and_distances_of_vectors()
    {
        using DisposeScope scope = NewDisposeScope();
        using CosineSimilarity cosine = nn.CosineSimilarity(0, 1e-6);
        using PairwiseDistance distance = nn.PairwiseDistance(1, 0, true);
        Tensor a = tensor(new[] { 3.0, 0, 4, 2 }).reshape(2, 2), b = tensor(new[] { 6.0, 1, 8, 0 }).reshape(2, 2);
        Assert.Equal((0L, 1e-6), (cosine.dim, cosine.eps));
        Assert.Equal([1.0, 0], cosine.call(a, b).data<double>().ToArray());
        cosine.dim = 1;
        Assert.Equal(18 / (3 * Math.Sqrt(37)), cosine.call(a, b)[0].item<double>(), 1e-12);
        cosine.eps = 6;
        Assert.Equal(18 / (6 * Math.Sqrt(37)), cosine.call(a, b)[0].item<double>(), 1e-12);
        Assert.Equal((1.0, 0.0, true), (distance.norm, distance.eps, distance.keepdim));
        Assert.Equal([2L, 1], distance.call(a, b).shape);
        Assert.Equal([4.0, 6], distance.call(a, b).data<double>().ToArray());
        (distance.norm, distance.eps, distance.keepdim) = (2, 1, false);
        Assert.Equal([Math.Sqrt(4), Math.Sqrt(9 + 9)], distance.call(a, b).data<double>().ToArray());
    }
}
