using DiffusionBatch.Diffusion.Models.Layers;
using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Tests.Models;

public sealed class ActivationTests
{
    [Theory] // at -1 and at 2
    [InlineData("gelu", -0.15865525f, 1.9544997f)]
    [InlineData("gelu_new", -0.15880801f, 1.9545977f)]
    [InlineData("gelu_pytorch_tanh", -0.15880801f, 1.9545977f)]
    [InlineData("quick_gelu", -0.15420423f, 1.9356586f)]
    [InlineData("relu", 0f, 2f)]
    [InlineData("relu2", 0f, 4f)]
    [InlineData("silu", -0.26894143f, 1.7615942f)]
    [InlineData("swish", -0.26894143f, 1.7615942f)]
    [InlineData("tanh", -0.76159418f, 0.96402758f)]
    [InlineData("sigmoid", 0.26894143f, 0.88079703f)]
    public void Each_name_is_its_function(string name, float atMinusOne, float atTwo)
    {
        using var scope = NewDisposeScope();
        float[] found = Activation.Of(name)(tensor(new[] { -1f, 2f })).data<float>().ToArray();
        Assert.Equal(atMinusOne, found[0], 1e-6f);
        Assert.Equal(atTwo, found[1], 1e-6f);
    }
}
