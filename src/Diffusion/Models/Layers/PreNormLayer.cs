using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Models.Layers;

/// <summary>
/// One pre-LayerNorm encoder layer of XLM-R XL and XXL: a LayerNorm before the attention and one before the feed-forward
/// part; the stream of residuals itself is never normalised. Dropout follows the attention's output projection alone.
/// </summary>
sealed class PreNormLayer : ICachingLayer
{
    readonly QueryKeyValue projections;
    readonly Affine attentionOutput, intermediate, output;
    readonly Dropout dropout;
    readonly Norm attentionNorm, feedForwardNorm;
    readonly Func<Tensor, Tensor> activation;
    readonly int heads;
    readonly double hiddenDropout, attentionDropout;

    /// <summary>The layer whose parameters' names begin with <paramref name="prefix"/>.</summary>
    public PreNormLayer(LanguageModel model, string prefix)
    {
        var config = model.Config;
        (heads, hiddenDropout, attentionDropout) = (config.Heads, config.HiddenDropout, config.AttentionDropout);
        activation = Activation.Of(config.Activation);
        attentionNorm = new Norm(model.Named, prefix + ".attention.self_attn_layer_norm", config.NormEpsilon);
        dropout = model.Dropout;
        projections = new QueryKeyValue(
            model.Projection(prefix + ".attention.self.query"), model.Projection(prefix + ".attention.self.key"), model.Projection(prefix + ".attention.self.value"));
        attentionOutput = model.Projection(prefix + ".attention.output.dense");
        feedForwardNorm = new Norm(model.Named, prefix + ".LayerNorm", config.NormEpsilon);
        intermediate = model.Projection(prefix + ".intermediate.dense");
        output = model.Projection(prefix + ".output.dense");
    }

    /// <inheritdoc/>
    public Tensor Attend(Tensor x, Tensor bias, bool training, PassContext? pass = null) => Attend(x, bias, training, pass, null);

    /// <inheritdoc/>
    public Tensor Attend(Tensor x, Tensor bias, LayerCache cache) => Attend(x, bias, false, null, cache);

    Tensor Attend(Tensor x, Tensor bias, bool training, PassContext? pass, LayerCache? cache)
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = projections.Of(attentionNorm.Of(x), heads);
        if (pass is not null) (k, v) = pass.Extend(k, v);
        return Heads.Attend(q, k, v, bias, dropout, training ? attentionDropout : 0, cache).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public Tensor Finish(Tensor x, Tensor context, bool training)
    {
        using var scope = NewDisposeScope();
        var attended = dropout.Add(x, attentionOutput.Of(context), training ? hiddenDropout : 0);
        var inner = activation(intermediate.Of(feedForwardNorm.Of(attended))); // (..., f)
        return dropout.Add(attended, output.Of(inner), 0).MoveToOuterDisposeScope();
    }
}
