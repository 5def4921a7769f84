using DiffusionBatch.Diffusion.Models.Families;
using DiffusionBatch.Diffusion.Models.Layers;
using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Models;

/// <summary>
/// XLM-R, RoBERTa and BERT with their masked-language-model head (reference A.11): learned positions (RoBERTa's from 2 on),
/// one token-type row added everywhere; post-LayerNorm layers; a head of dense, activation, LayerNorm and the word
/// embeddings as output projection with a bias of its own. In training, dropout follows the embeddings' LayerNorm, the
/// attention probabilities and each of a layer's two output projections, as in Hugging Face's model.
/// </summary>
public sealed class XlmRoberta : LanguageModel
{
    readonly LearnedEmbedding _embedding;
    readonly Norm _embeddingNorm, _headNorm;
    readonly Affine _headDense, _output;
    readonly Func<Tensor, Tensor> _headActivation;
    readonly ITransformerLayer[] _layers;

    /// <summary>Creates the model with uninitialised weights: load or <see cref="LanguageModel.Initialise"/> them.</summary>
    /// <param name="config">Its configuration.</param>
    /// <param name="device">Where it lives; the CPU when null.</param>
    public XlmRoberta(ModelConfig config, Device? device = null)
        : base(config, device)
    {
        var family = (EncoderFamily)config.Family;
        _embedding = new LearnedEmbedding(this, family.WordEmbeddings, family.PositionEmbeddings, family.TypeEmbeddings);
        _embeddingNorm = new Norm(Named, family.Body + ".embeddings.LayerNorm", config.NormEpsilon);
        _layers = [.. Enumerable.Range(0, config.Layers).Select(i => new PostNormLayer(this, $"{family.Body}.encoder.layer.{i}"))];
        _headDense = Projection(family.HeadDense);
        _headNorm = new Norm(Named, family.HeadNorm, config.NormEpsilon);
        _headActivation = Activation.Of(family.HeadActivation(config));
        _output = Output(config.IsTied ? family.WordEmbeddings : family.OutputWeight, family.OutputBias);
    }

    private protected override IReadOnlyList<ITransformerLayer> Layers => _layers;

    /// <inheritdoc/>
    public override Tensor Logits(Tensor rows)
    {
        using var scope = NewDisposeScope();
        var h = _headNorm.Of(_headActivation(_headDense.Of(rows)));
        return _output.Of(h).MoveToOuterDisposeScope();
    }

    private protected override Tensor Embed(Tensor input_ids, Tensor? positions)
    {
        using var scope = NewDisposeScope();
        var x = _embeddingNorm.Of(_embedding.Of(input_ids, positions)); // (B, N, d)
        return Dropout.Of(x, training ? Config.HiddenDropout : 0).MoveToOuterDisposeScope();
    }
}
