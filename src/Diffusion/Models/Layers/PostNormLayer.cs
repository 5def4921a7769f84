using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Models.Layers;

/// <summary>
/// One post-LayerNorm encoder layer (BERT, RoBERTa, XLM-R): attention and a feed-forward part, each with dropout, the
/// residual and a LayerNorm after it. A view on its model's parameters.
/// </summary>
sealed class PostNormLayer : ICachingLayer
{
    readonly QueryKeyValue projections;
    readonly Affine attentionOutput, intermediate, output;
    readonly Dropout dropout;
    readonly Norm attentionNorm, outputNorm;
    readonly Func<Tensor, Tensor> activation;
    readonly int heads;
    readonly double hiddenDropout, attentionDropout;

    /// <summary>The layer whose parameters' names begin with <paramref name="prefix"/>.</summary>
    public PostNormLayer(LanguageModel model, string prefix)
    {
        var config = model.Config;
        (heads, hiddenDropout, attentionDropout) = (config.Heads, config.HiddenDropout, config.AttentionDropout);
        activation = Activation.Of(config.Activation);
        dropout = model.Dropout;
        projections = new QueryKeyValue(
            model.Projection(prefix + ".attention.self.query"), model.Projection(prefix + ".attention.self.key"), model.Projection(prefix + ".attention.self.value"));
        attentionOutput = model.Projection(prefix + ".attention.output.dense");
        attentionNorm = new Norm(model.Named, prefix + ".attention.output.LayerNorm", config.NormEpsilon);
        intermediate = model.Projection(prefix + ".intermediate.dense");
        output = model.Projection(prefix + ".output.dense");
        outputNorm = new Norm(model.Named, prefix + ".output.LayerNorm", config.NormEpsilon);
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
        double share = training ? hiddenDropout : 0;
        var attended = attentionNorm.Of(dropout.Add(x, attentionOutput.Of(context), share));
        var inner = activation(intermediate.Of(attended)); // (..., f)
        return outputNorm.Of(dropout.Add(attended, output.Of(inner), share)).MoveToOuterDisposeScope();
    }
}
