using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Models.Layers;

/// <summary>
/// One post-LayerNorm layer of ALBERT, as <see cref="PostNormLayer"/> with other names and no dropout after the feed-forward part.
/// </summary>
sealed class AlbertLayer : ITransformerLayer
{
    readonly QueryKeyValue _projections;
    readonly Affine _attentionOutput, _intermediate, _output;
    readonly Dropout _dropout;
    readonly Norm _attentionNorm, _outputNorm;
    readonly Func<Tensor, Tensor> _activation;
    readonly int _heads;
    readonly double _hiddenDropout, _attentionDropout;

    /// <summary>The layer whose parameters' names begin with <paramref name="prefix"/>.</summary>
    public AlbertLayer(LanguageModel model, string prefix)
    {
        var config = model.Config;
        (_heads, _hiddenDropout, _attentionDropout) = (config.Heads, config.HiddenDropout, config.AttentionDropout);
        _activation = Activation.Of(config.Activation);
        _dropout = model.Dropout;
        _projections = new QueryKeyValue(model.Projection(prefix + ".attention.query"), model.Projection(prefix + ".attention.key"),
            model.Projection(prefix + ".attention.value"));
        _attentionOutput = model.Projection(prefix + ".attention.dense");
        _attentionNorm = new Norm(model.Named, prefix + ".attention.LayerNorm", config.NormEpsilon);
        _intermediate = model.Projection(prefix + ".ffn");
        _output = model.Projection(prefix + ".ffn_output");
        _outputNorm = new Norm(model.Named, prefix + ".full_layer_layer_norm", config.NormEpsilon);
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
        var attended = _attentionNorm.Of(_dropout.Add(x, _attentionOutput.Of(context), training ? _hiddenDropout : 0));
        return _outputNorm.Of(_dropout.Add(attended, _output.Of(_activation(_intermediate.Of(attended))), 0)).MoveToOuterDisposeScope();
    }
}
