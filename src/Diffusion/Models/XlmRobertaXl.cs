using DiffusionBatch.Diffusion.Models.Families;
using DiffusionBatch.Diffusion.Models.Layers;
using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Models;

/// <summary>
/// XLM-R XL and XXL (Goyal et al. 2021): XLM-R's embeddings without their LayerNorm, pre-LayerNorm layers, a LayerNorm after
/// the last of them, and XLM-R's head.
/// </summary>
public sealed class XlmRobertaXl : LanguageModel
{
    static readonly Func<Tensor, Tensor> s_gelu = Activation.Of("gelu");

    readonly LearnedEmbedding _embedding;
    readonly Norm _finalNorm, _headNorm;
    readonly Affine _headDense, _output;
    readonly ITransformerLayer[] _layers;

    /// <summary>Creates the model with uninitialised weights: load or <see cref="LanguageModel.Initialise"/> them.</summary>
    /// <param name="config">Its configuration.</param>
    /// <param name="device">Where it lives; the CPU when null.</param>
    public XlmRobertaXl(ModelConfig config, Device? device = null)
        : base(config, device)
    {
        var family = (EncoderFamily)config.Family;
        _embedding = new LearnedEmbedding(this, family.WordEmbeddings, family.PositionEmbeddings, family.TypeEmbeddings);
        _layers = [.. Enumerable.Range(0, config.Layers).Select(i => new PreNormLayer(this, $"{family.Body}.encoder.layer.{i}"))];
        _finalNorm = new Norm(Named, family.Body + ".encoder.LayerNorm", config.NormEpsilon);
        _headDense = Projection(family.HeadDense);
        _headNorm = new Norm(Named, family.HeadNorm, config.NormEpsilon);
        _output = Output(config.IsTied ? family.WordEmbeddings : family.OutputWeight, family.OutputBias);
    }

    private protected override IReadOnlyList<ITransformerLayer> Layers => _layers;

    private protected override Tensor Close(Tensor states) => _finalNorm.Of(states);

    /// <inheritdoc/>
    public override Tensor Logits(Tensor rows)
    {
        using var scope = NewDisposeScope();
        var h = _headNorm.Of(s_gelu(_headDense.Of(rows)));
        return _output.Of(h).MoveToOuterDisposeScope();
    }

    private protected override Tensor Embed(Tensor input_ids, Tensor? positions)
    {
        using var scope = NewDisposeScope();
        return Dropout.Of(_embedding.Of(input_ids, positions), training ? Config.HiddenDropout : 0).MoveToOuterDisposeScope();
    }
}
