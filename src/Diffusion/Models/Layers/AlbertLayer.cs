using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Models.Layers;

/// <summary>One post-LayerNorm layer of ALBERT, as <see cref="PostNormLayer"/> with other names and no dropout after the feed-forward part.</summary>
sealed class AlbertLayer : ITransformerLayer
{
    readonly Affine query, key, value, attentionOutput, intermediate, output;
    readonly Norm attentionNorm, outputNorm;
    readonly Func<Tensor, Tensor> activation;
    readonly int heads;
    readonly double hiddenDropout, attentionDropout;

    /// <summary>The layer whose parameters' names begin with <paramref name="prefix"/>.</summary>
    public AlbertLayer(LanguageModel model, string prefix)
    {
        var config = model.Config;
        (heads, hiddenDropout, attentionDropout) = (config.Heads, config.HiddenDropout, config.AttentionDropout);
        activation = Activation.Of(config.Activation);
        query = model.Projection(prefix + ".attention.query");
        key = model.Projection(prefix + ".attention.key");
        value = model.Projection(prefix + ".attention.value");
        attentionOutput = model.Projection(prefix + ".attention.dense");
        attentionNorm = new Norm(model.Named, prefix + ".attention.LayerNorm", config.NormEpsilon);
        intermediate = model.Projection(prefix + ".ffn");
        output = model.Projection(prefix + ".ffn_output");
        outputNorm = new Norm(model.Named, prefix + ".full_layer_layer_norm", config.NormEpsilon);
    }

    /// <inheritdoc/>
    public Tensor Attend(Tensor x, Tensor bias, bool training)
    {
        using var scope = NewDisposeScope();
        return Heads.Attend(Heads.Split(query.Of(x), heads), Heads.Split(key.Of(x), heads), Heads.Split(value.Of(x), heads),
            bias, training ? attentionDropout : 0).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public Tensor Finish(Tensor x, Tensor context, bool training)
    {
        using var scope = NewDisposeScope();
        var attended = attentionNorm.Of(x + Heads.Drop(attentionOutput.Of(context), hiddenDropout, training));
        return outputNorm.Of(attended + output.Of(activation(intermediate.Of(attended)))).MoveToOuterDisposeScope();
    }
}
