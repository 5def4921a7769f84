using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace DiffusionBatch.Bench.Peer;

/// <summary>A post-LayerNorm encoder layer of the library's modules, named as Hugging Face's.</summary>
internal sealed class EncoderLayer : Module<Tensor, Tensor, Tensor>
{
    private readonly int _heads;
    private readonly double _dropout;
    private readonly Linear _query, _key, _value, _attentionOutput, _intermediate, _output;
    private readonly LayerNorm _attentionNorm, _outputNorm;
    private readonly Dropout _drop;

    /// <summary>The layer with the library's initial weights.</summary>
    internal EncoderLayer(EncoderConfig config)
        : base("layer")
    {
        (_heads, _dropout) = (config.Heads, config.Dropout);
        (_query, _key, _value) =
            (Linear(config.Hidden, config.Hidden), Linear(config.Hidden, config.Hidden), Linear(config.Hidden, config.Hidden));
        (_attentionOutput, _attentionNorm) = (Linear(config.Hidden, config.Hidden), LayerNorm(config.Hidden, config.Epsilon));
        (_intermediate, _output) = (Linear(config.Hidden, config.FeedForward), Linear(config.FeedForward, config.Hidden));
        _outputNorm = LayerNorm(config.Hidden, config.Epsilon);
        _drop = Dropout(config.Dropout);
        register_module("attention", new Group(("self", new Group(("query", _query), ("key", _key), ("value", _value))),
            ("output", new Group(("dense", _attentionOutput), ("LayerNorm", _attentionNorm)))));
        register_module("intermediate", new Group(("dense", _intermediate)));
        register_module("output", new Group(("dense", _output), ("LayerNorm", _outputNorm)));
        register_module("dropout", _drop);
    }

    /// <inheritdoc/>
    /// <param name="x">// (B, N, d)</param>
    /// <param name="seen">What may be attended to. // (B, 1, 1, N) bool</param>
    public override Tensor forward(Tensor x, Tensor seen)
    {
        var context = functional.scaled_dot_product_attention(Split(_query, x), Split(_key, x), Split(_value, x), seen,
            training ? _dropout : 0);
        var attended = _attentionNorm.call(x + _drop.call(_attentionOutput.call(context.transpose(1, 2).reshape(x.shape))));
        var inner = functional.gelu(_intermediate.call(attended)); // (B, N, f)
        return _outputNorm.call(attended + _drop.call(_output.call(inner)));
    }

    private Tensor Split(Linear projection, Tensor x) =>
        projection.call(x).view(x.size(0), x.size(1), _heads, -1).transpose(1, 2); // (B, H, N, d / H)
}
