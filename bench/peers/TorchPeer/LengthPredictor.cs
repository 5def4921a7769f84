using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace DiffusionBatch.Bench.Peer;

/// <summary>
/// The published length predictor: the library's encoder layer over the prompt's states, their mean, two projections. Class c
/// stands for c + 1 slots.
/// </summary>
internal sealed class LengthPredictor : Module<Tensor, Tensor, Tensor>
{
    private readonly TransformerEncoder _encoder;
    private readonly Sequential _classes;

    private LengthPredictor(EncoderConfig config)
        : base("length")
    {
        _encoder = TransformerEncoder(TransformerEncoderLayer(config.Hidden, config.Heads, config.FeedForward), 1);
        _classes = Sequential(Linear(config.Hidden, config.FeedForward), Tanh(), Linear(config.FeedForward, config.Positions));
        register_module("length_trm", _encoder);
        register_module("length_predictor", _classes);
    }

    /// <summary>The predictor of a checkpoint folder.</summary>
    internal static LengthPredictor Load(string folder, EncoderConfig config)
    {
        var predictor = new LengthPredictor(config);
        SafeTensors.Load(predictor, Path.Combine(folder, "length_predictor.safetensors"));
        return predictor;
    }

    /// <inheritdoc/>
    /// <param name="states">// (B, P, d)</param>
    /// <param name="seen">False at padding. // (B, P) bool</param>
    /// <returns>// (B, classes)</returns>
    public override Tensor forward(Tensor states, Tensor seen)
    {
        // The library's layer takes (P, B, d).
        var x = _encoder.call(states.transpose(0, 1), null, seen.logical_not()).transpose(0, 1); // (B, P, d)
        var present = seen.unsqueeze(2).to(float32); // (B, P, 1)
        return _classes.call((x * present).sum(1) / present.sum(1));
    }
}
