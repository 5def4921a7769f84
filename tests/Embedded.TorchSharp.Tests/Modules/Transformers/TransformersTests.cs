using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DiffusionBatch.Embedded.TorchSharp.Tests.Modules;

/// <summary>What is left out of a call is nothing: no mask, no padding.</summary>
public sealed class TransformersTests
{
    [Fact]
    public void Short_calls_of_encoders()
    {
        using DisposeScope scope = NewDisposeScope();
        manual_seed(4);
        using TransformerEncoderLayer layer = nn.TransformerEncoderLayer(4, 2, 6, 0);
        using TransformerEncoder encoder = nn.TransformerEncoder(layer, 2);
        Tensor x = randn(3, 2, 4), mask = zeros(3, 3).masked_fill(ones(3, 3, ScalarType.Bool).triu(1), double.NegativeInfinity), shown = zeros(2, 3, ScalarType.Bool);
        Assert.True(layer.call(x, mask).allclose(layer.call(x, mask, shown), 1e-5, 1e-6));
        Assert.False(layer.call(x, mask).allclose(layer.call(x)));
        Assert.True(encoder.call(x).allclose(encoder.call(x, zeros(3, 3), null), 1e-5, 1e-6));
        Assert.True(encoder.call(x, mask)[0].allclose(encoder.call(x[..1])[0], 1e-5, 1e-5)); // the first place sees itself alone
    }

    [Fact]
    public void Short_calls_of_decoders()
    {
        using DisposeScope scope = NewDisposeScope();
        manual_seed(4);
        using TransformerDecoderLayer layer = nn.TransformerDecoderLayer(4, 2, 6, 0);
        using TransformerDecoder decoder = nn.TransformerDecoder(layer, 2);
        Tensor x = randn(3, 2, 4), memory = randn(5, 2, 4), mask = zeros(3, 3).masked_fill(ones(3, 3, ScalarType.Bool).triu(1), double.NegativeInfinity);
        Assert.True(layer.call(x, memory).Equals(layer.call(x, memory, null)));
        Assert.True(decoder.call(x, memory).allclose(decoder.call(x, memory, zeros(3, 3), zeros(3, 5), zeros(2, 3, ScalarType.Bool), zeros(2, 5, ScalarType.Bool)), 1e-5, 1e-6));
        Assert.True(decoder.call(x, memory, mask)[0].allclose(decoder.call(x[..1], memory)[0], 1e-5, 1e-5));
        Tensor hidden = arange(5, int64).ge(2).expand(2, 5);
        Assert.True(decoder.call(x, memory, null, memory_key_padding_mask: hidden).allclose(decoder.call(x, memory[..2]), 1e-5, 1e-5));
    }
}
