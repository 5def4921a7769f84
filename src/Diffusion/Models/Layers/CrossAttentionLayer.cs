using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Models.Layers;

/// <summary>
/// One layer of an encoder-decoder Transformer with LayerNorm after each part (Vaswani et al. 2017, section 3.1), under BART's
/// names: attention among its own positions; in the decoder, attention to the encoder's states; a feed-forward part.
/// </summary>
sealed class CrossAttentionLayer
{
    readonly AttentionPart _self;
    readonly AttentionPart? _cross;
    readonly Affine _inner, _outer;
    readonly Dropout _dropout;
    readonly Norm _norm;
    readonly Func<Tensor, Tensor> _activation;
    readonly double _hiddenDropout, _innerDropout;

    /// <summary>The layer whose parameters' names begin with <paramref name="prefix"/>.</summary>
    /// <param name="model">The model.</param>
    /// <param name="prefix">Such as <c>model.decoder.layers.0</c>.</param>
    /// <param name="heads">Its attention heads.</param>
    /// <param name="isDecoder">Whether it attends to the encoder's states.</param>
    public CrossAttentionLayer(LanguageModel model, string prefix, int heads, bool isDecoder)
    {
        var config = model.Config;
        (_hiddenDropout, _innerDropout) = (config.HiddenDropout, config.Real("activation_dropout", 0));
        _dropout = model.Dropout;
        _activation = Activation.Of(config.Activation);
        _self = new AttentionPart(model, prefix + ".self_attn", prefix + ".self_attn_layer_norm", heads);
        if (isDecoder) _cross = new AttentionPart(model, prefix + ".encoder_attn", prefix + ".encoder_attn_layer_norm", heads);
        _inner = model.Projection(prefix + ".fc1");
        _outer = model.Projection(prefix + ".fc2");
        _norm = new Norm(model.Named, prefix + ".final_layer_norm", config.NormEpsilon);
    }

    /// <summary>The layer's output.</summary>
    /// <param name="x">// (B, N, d)</param>
    /// <param name="bias">0 where a position is seen, minus infinity elsewhere. // (B, 1, 1 or N, N)</param>
    /// <param name="memory">The encoder's states; null in the encoder. // (B, P, d)</param>
    /// <param name="memoryBias">// (B, 1, 1, P)</param>
    /// <param name="training">Whether dropout is on.</param>
    /// <returns>// (B, N, d)</returns>
    public Tensor Of(Tensor x, Tensor bias, Tensor? memory, Tensor? memoryBias, bool training)
    {
        using var scope = NewDisposeScope();
        var attended = _self.Of(x, x, bias, training);
        if (_cross is not null) attended = _cross.Of(attended, memory!, memoryBias!, training);
        var wide = _dropout.Of(_activation(_inner.Of(attended)), training ? _innerDropout : 0); // (B, N, f)
        return _norm.Of(_dropout.Add(attended, _outer.Of(wide), training ? _hiddenDropout : 0)).MoveToOuterDisposeScope();
    }
}
