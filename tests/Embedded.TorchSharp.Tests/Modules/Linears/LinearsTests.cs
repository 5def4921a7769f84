using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DiffusionBatch.Embedded.TorchSharp.Tests.Modules;

public sealed class LinearsTests
{
    [Fact]
    public void Of_given_parameters()
    {
        using DisposeScope scope = NewDisposeScope();
        Parameter weight = new(arange(6, float32).reshape(2, 3)), bias = new(tensor(new float[] { 10, 20 }));
        using Linear linear = nn.Linear(weight, bias), unshifted = nn.Linear(weight);
        Assert.Equal((3L, 2L), (linear.in_features, linear.out_features));
        Assert.Same(weight, linear.weight);
        Assert.Equal([13f, 32], linear.forward(ones(3)).data<float>().ToArray());
        Assert.Equal([3f, 12], unshifted.call(ones(3)).data<float>().ToArray());
        Assert.Equal(["weight"], unshifted.state_dict().Keys);
    }

    [Fact]
    public void A_shift_is_spread_over_the_outputs_or_refused()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = ones(2, 4), weight = ones(3, 4), one = tensor(new float[] { 5 }).requires_grad_();
        nn.functional.linear(x, weight, one).sum().backward();
        Assert.Equal(6f, one.grad!.item<float>());
        Assert.True(nn.functional.linear(x, weight, one).Equals(full([2, 3], 9f)));
        Assert.Equal("The expanded size of the tensor (3) must match the existing size (2) at non-singleton dimension 1.  Target sizes: [2, 3].  Tensor sizes: [2]",
            Assert.Throws<System.Runtime.InteropServices.ExternalException>(() => nn.functional.linear(x, weight, ones(2))).Message);
    }

    [Fact]
    public void Of_two_inputs()
    {
        using DisposeScope scope = NewDisposeScope();
        manual_seed(2);
        using Bilinear bilinear = nn.Bilinear(4, 3, 2), unshifted = nn.Bilinear(4, 3, 2, false);
        Assert.Equal((4L, 3L, 2L), (bilinear.in1_features, bilinear.in2_features, bilinear.out_features));
        Assert.Equal([2L, 4, 3], bilinear.weight.shape);
        Assert.True(bilinear.weight.abs().max().item<float>() <= 0.5 && bilinear.bias!.abs().max().item<float>() <= 0.5);
        Assert.Null(unshifted.bias);
        Tensor a = randn(5, 4), b = randn(5, 3);
        Tensor expected = stack([.. Enumerable.Range(0, 2).Select(o => (a.matmul(bilinear.weight[o]) * b).sum(1))], 1) + bilinear.bias!;
        Assert.True(bilinear.forward(a, b).allclose(expected, 1e-5, 1e-6));
        bilinear.weight = new Parameter(ones(2, 4, 3));
        bilinear.bias = null;
        Assert.True(bilinear.call(a, b).allclose((a.sum(1) * b.sum(1)).unsqueeze(1).expand(5, 2), 1e-5, 1e-5));
        Assert.Equal(["weight"], bilinear.state_dict().Keys);
    }

    [Fact]
    public void Bags_of_a_given_table()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor table = arange(8, float32).reshape(4, 2), bags = tensor(new long[] { 0, 1, 3, 3 }).reshape(2, 2);
        using EmbeddingBag mean = nn.EmbeddingBag_from_pretrained(table), sum = nn.EmbeddingBag_from_pretrained(table, false, mode: EmbeddingBagMode.Sum, dtype: float64);
        Assert.Equal([1f, 2, 6, 7], mean.call(bags).data<float>().ToArray());
        Assert.Equal([2.0, 4, 12, 14], sum.call(bags).data<double>().ToArray());
        Assert.False(mean.weight!.requires_grad);
        Assert.True(sum.weight!.requires_grad);
        Assert.Throws<InvalidOperationException>(() => nn.EmbeddingBag_from_pretrained(table, sparse: true));
    }
}
