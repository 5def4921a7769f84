using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Models.Layers;

/// <summary>
/// One pre-LayerNorm encoder layer of XLM-R XL and XXL: a LayerNorm before the attention and one before the feed-forward
/// part; the stream of residuals itself is never normalised. Dropout follows the attention's output projection alone.
/// </summary>
sealed class PreNormLayer : ITransformerLayer
{
    readonly QueryKeyValue _projections;
    readonly Affine _attentionOutput, _intermediate, _output;
    readonly Dropout _dropout;
    readonly Norm _attentionNorm, _feedForwardNorm;
    readonly Func<Tensor, Tensor> _activation;
    readonly int _heads;
    readonly double _hiddenDropout, _attentionDropout;

    /// <summary>The layer whose parameters' names begin with <paramref name="prefix"/>.</summary>
    public PreNormLayer(LanguageModel model, string prefix)
    {
        var config = model.Config;
        (_heads, _hiddenDropout, _attentionDropout) = (config.Heads, config.HiddenDropout, config.AttentionDropout);
        _activation = Activation.Of(config.Activation);
        _attentionNorm = new Norm(model.Named, prefix + ".attention.self_attn_layer_norm", config.NormEpsilon);
        _dropout = model.Dropout;
        _projections = new QueryKeyValue(
            model.Projection(prefix + ".attention.self.query"), model.Projection(prefix + ".attention.self.key"),
            model.Projection(prefix + ".attention.self.value"));
        _attentionOutput = model.Projection(prefix + ".attention.output.dense");
        _feedForwardNorm = new Norm(model.Named, prefix + ".LayerNorm", config.NormEpsilon);
        _intermediate = model.Projection(prefix + ".intermediate.dense");
        _output = model.Projection(prefix + ".output.dense");
    }

    /// <inheritdoc/>
    public Tensor Attend(Tensor x, Tensor bias, bool training, PassContext? pass = null)
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = _projections.Of(_attentionNorm.Of(x), _heads);
        if (pass is not null) (k, v) = pass.Join(k, v);
        return Heads.Attend(q, k, v, bias, _dropout, training ? _attentionDropout : 0).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public Tensor Finish(Tensor x, Tensor context, bool training)
    {
        using var scope = NewDisposeScope();
        var attended = _dropout.Add(x, _attentionOutput.Of(context), training ? _hiddenDropout : 0);
        var inner = _activation(_intermediate.Of(_feedForwardNorm.Of(attended))); // (..., f)
        return _dropout.Add(attended, _output.Of(inner), 0).MoveToOuterDisposeScope();
    }
}
