using TorchSharp.Modules;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace DiffusionBatch.Bench;

/// <summary>What layers and losses consist of.</summary>
internal static class LayerOps
{
    internal static OpCase[] All { get; } =
    [
        new("linear", [4096, 256, 1024], Linear, 2.0 * 4096 * 256 * 1024),
        new("gelu", [4096, 1024], size => Of(size, x => F.gelu(x))),
        new("layer_norm", [4096, 256], LayerNorm),
        new("softmax", [16384, 64], size => Of(size, x => F.softmax(x, -1))),
        new("log_softmax", [2048, 8000], size => Of(size, x => F.log_softmax(x, -1))),
        new("attention", [64, 64, 4, 64], Attention, 4.0 * 64 * 64 * 64 * 4 * 64),
        new("attention", [1, 512, 12, 64], Attention, 4.0 * 512 * 512 * 12 * 64),
        new("cross_entropy", [2048, 8000], CrossEntropy),
        new("cross_entropy", [64, 250002], CrossEntropy),
        new("embedding", [8000, 256, 4096], Embedding),
        new("dropout", [4096, 1024], size => Of(size, x => F.dropout(x, 0.1, true))),
    ];

    private static OurOp Of(long[] size, Func<Tensor, Tensor> compute)
    {
        var scope = NewDisposeScope();
        var x = OpInput.Floats(1, size);
        return new OurOp(scope, () => compute(x), x);
    }

    private static OurOp Linear(long[] size)
    {
        var scope = NewDisposeScope();
        Tensor x = OpInput.Floats(1, size[0], size[1]), weight = OpInput.Floats(2, size[2], size[1]), bias = OpInput.Floats(3, size[2]);
        return new OurOp(scope, () => F.linear(x, weight, bias), x, weight, bias);
    }

    private static OurOp LayerNorm(long[] size)
    {
        var scope = NewDisposeScope();
        Tensor x = OpInput.Floats(1, size), weight = OpInput.Floats(2, size[1]), bias = OpInput.Floats(3, size[1]);
        return new OurOp(scope, () => F.layer_norm(x, [size[1]], weight, bias, 1e-5), x, weight, bias);
    }

    // (B, N, H, d) seen as (B, H, N, d), as a layer's projections are; a padding mask of zeros.
    private static OurOp Attention(long[] size)
    {
        var scope = NewDisposeScope();
        Tensor query = OpInput.Floats(1, size), key = OpInput.Floats(2, size), value = OpInput.Floats(3, size), bias = zeros(size[0], 1, 1, size[1]);
        return new OurOp(
            scope, () => F.scaled_dot_product_attention(query.transpose(1, 2), key.transpose(1, 2), value.transpose(1, 2), bias), query, key, value);
    }

    private static OurOp CrossEntropy(long[] size)
    {
        var scope = NewDisposeScope();
        Tensor logits = OpInput.Floats(1, size), targets = OpInput.Integers(2, size[1], size[0]);
        return new OurOp(scope, () => F.cross_entropy(logits, targets), logits);
    }

    private static OurOp Embedding(long[] size)
    {
        var scope = NewDisposeScope();
        var ids = OpInput.Integers(2, size[0], size[2]);
        var module = nn.Embedding_from_pretrained(OpInput.Floats(1, size[0], size[1]), freeze: false);
        return new OurOp(scope, () => module.forward(ids), module.weight!);
    }
}
