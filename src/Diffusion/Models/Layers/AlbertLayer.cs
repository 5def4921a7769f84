using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Models.Layers;

/// <summary>One post-LayerNorm layer of ALBERT, as <see cref="PostNormLayer"/> with other names and no dropout after the feed-forward part.</summary>
sealed class AlbertLayer : ICachingLayer
{
    readonly QueryKeyValue projections;
    readonly Affine attentionOutput, intermediate, output;
    readonly Dropout dropout;
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
        dropout = model.Dropout;
        projections = new QueryKeyValue(model.Projection(prefix + ".attention.query"), model.Projection(prefix + ".attention.key"), model.Projection(prefix + ".attention.value"));
        attentionOutput = model.Projection(prefix + ".attention.dense");
        attentionNorm = new Norm(model.Named, prefix + ".attention.LayerNorm", config.NormEpsilon);
        intermediate = model.Projection(prefix + ".ffn");
        output = model.Projection(prefix + ".ffn_output");
        outputNorm = new Norm(model.Named, prefix + ".full_layer_layer_norm", config.NormEpsilon);
    }

    /// <inheritdoc/>
    public Tensor Attend(Tensor x, Tensor bias, bool training, PassContext? pass = null) => Attend(x, bias, training, pass, null);

    /// <inheritdoc/>
    public Tensor Attend(Tensor x, Tensor bias, LayerCache cache) => Attend(x, bias, false, null, cache);

    Tensor Attend(Tensor x, Tensor bias, bool training, PassContext? pass, LayerCache? cache)
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = projections.Of(x, heads);
        if (pass is not null) (k, v) = pass.Extend(k, v);
        return Heads.Attend(q, k, v, bias, dropout, training ? attentionDropout : 0, cache).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public Tensor Finish(Tensor x, Tensor context, bool training)
    {
        using var scope = NewDisposeScope();
        var attended = attentionNorm.Of(dropout.Add(x, attentionOutput.Of(context), training ? hiddenDropout : 0));
        return outputNorm.Of(dropout.Add(attended, output.Of(activation(intermediate.Of(attended))), 0)).MoveToOuterDisposeScope();
    }
}
