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

    [Theory]
    [InlineData("silu", 172)] // stories260K's
    [InlineData("gelu", 172)]
    [InlineData("gelu_new", 171)]
    [InlineData("tanh", 86)]
    public void A_rows_bits_do_not_depend_on_the_rows_beside_it(string name, int width)
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        random.manual_seed(1);
        const int columns = 8;
        var x = randn(61 * columns, width);
        var activation = Activation.Of(name);
        float[] alone = [.. Enumerable.Range(0, 61)
            .SelectMany(b => activation(x.narrow(0, b * columns, columns).clone()).data<float>().ToArray())];
        foreach (int canvases in (int[])[2, 3, 25, 47, 49, 61])
            Assert.Equal(alone[..(canvases * columns * width)],
                activation(x.narrow(0, 0, canvases * columns).clone()).data<float>().ToArray());
    }

    [Theory]
    [InlineData(1376, 32, 2, 1376)] // one part
    [InlineData(34400, 32, 2, 34432)] // two of 17,216
    [InlineData(70000, 32, 4, 70080)] // three of 23,360
    [InlineData(65536, 32, 3, 65536)] // two
    [InlineData(1368, 32, 2, 1376)]
    [InlineData(65540, 64, 4, 65664)] // three of 21,888
    public void Parts_are_whole_vectors(long count, long step, int threads, long padded) =>
        Assert.Equal(padded, Activation.PaddedCount(count, step, threads));
}
