using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Models.Layers;

/// <summary>
/// One post-LayerNorm encoder layer (BERT, RoBERTa, XLM-R): attention and a feed-forward part, each with dropout, the
/// residual and a LayerNorm after it. A view on its model's parameters.
/// </summary>
sealed class PostNormLayer : ITransformerLayer
{
    readonly QueryKeyValue _projections;
    readonly Affine _attentionOutput, _intermediate, _output;
    readonly Dropout _dropout;
    readonly Norm _attentionNorm, _outputNorm;
    readonly Func<Tensor, Tensor> _activation;
    readonly int _heads;
    readonly double _hiddenDropout, _attentionDropout;

    /// <summary>The layer whose parameters' names begin with <paramref name="prefix"/>.</summary>
    public PostNormLayer(LanguageModel model, string prefix)
    {
        var config = model.Config;
        (_heads, _hiddenDropout, _attentionDropout) = (config.Heads, config.HiddenDropout, config.AttentionDropout);
        _activation = Activation.Of(config.Activation);
        _dropout = model.Dropout;
        _projections = new QueryKeyValue(
            model.Projection(prefix + ".attention.self.query"), model.Projection(prefix + ".attention.self.key"),
            model.Projection(prefix + ".attention.self.value"));
        _attentionOutput = model.Projection(prefix + ".attention.output.dense");
        _attentionNorm = new Norm(model.Named, prefix + ".attention.output.LayerNorm", config.NormEpsilon);
        _intermediate = model.Projection(prefix + ".intermediate.dense");
        _output = model.Projection(prefix + ".output.dense");
        _outputNorm = new Norm(model.Named, prefix + ".output.LayerNorm", config.NormEpsilon);
    }

    /// <inheritdoc/>
    public Tensor Attend(Tensor x, Tensor bias, bool training, PassContext? pass = null)
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = _projections.Of(x, _heads);
        if (pass is not null) (k, v) = pass.Join(k, v);
        return Heads.Attend(q, k, v, bias, _dropout, training ? _attentionDropout : 0).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public Tensor Finish(Tensor x, Tensor context, bool training)
    {
        using var scope = NewDisposeScope();
        double share = training ? _hiddenDropout : 0;
        var attended = _attentionNorm.Of(_dropout.Add(x, _attentionOutput.Of(context), share));
        var inner = _activation(_intermediate.Of(attended)); // (..., f)
        return _outputNorm.Of(_dropout.Add(attended, _output.Of(inner), share)).MoveToOuterDisposeScope();
    }
}
