using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Models.Layers;

/// <summary>
/// One layer of an encoder-decoder Transformer with LayerNorm after each part (Vaswani et al. 2017, section 3.1), under BART's
/// names: attention among its own positions; in the decoder, attention to the encoder's states; a feed-forward part.
/// </summary>
sealed class CrossAttentionLayer
{
    readonly AttentionPart self;
    readonly AttentionPart? cross;
    readonly Affine inner, outer;
    readonly Dropout dropout;
    readonly Norm norm;
    readonly Func<Tensor, Tensor> activation;
    readonly double hiddenDropout, innerDropout;

    /// <summary>The layer whose parameters' names begin with <paramref name="prefix"/>.</summary>
    /// <param name="model">The model.</param>
    /// <param name="prefix">Such as <c>model.decoder.layers.0</c>.</param>
    /// <param name="heads">Its attention heads.</param>
    /// <param name="isDecoder">Whether it attends to the encoder's states.</param>
    public CrossAttentionLayer(LanguageModel model, string prefix, int heads, bool isDecoder)
    {
        var config = model.Config;
        (hiddenDropout, innerDropout) = (config.HiddenDropout, config.Real("activation_dropout", 0));
        dropout = model.Dropout;
        activation = Activation.Of(config.Activation);
        self = new AttentionPart(model, prefix + ".self_attn", prefix + ".self_attn_layer_norm", heads);
        if (isDecoder) cross = new AttentionPart(model, prefix + ".encoder_attn", prefix + ".encoder_attn_layer_norm", heads);
        inner = model.Projection(prefix + ".fc1");
        outer = model.Projection(prefix + ".fc2");
        norm = new Norm(model.Named, prefix + ".final_layer_norm", config.NormEpsilon);
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
        var attended = self.Of(x, x, bias, training);
        if (cross is not null) attended = cross.Of(attended, memory!, memoryBias!, training);
        var wide = dropout.Of(activation(inner.Of(attended)), training ? innerDropout : 0); // (B, N, f)
        return norm.Of(dropout.Add(attended, outer.Of(wide), training ? hiddenDropout : 0)).MoveToOuterDisposeScope();
    }
}
