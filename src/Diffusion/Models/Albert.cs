using DiffusionBatch.Diffusion.Models.Families;
using DiffusionBatch.Diffusion.Models.Layers;
using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Models;

/// <summary>
/// ALBERT with its masked-language-model head (Lan et al. 2019): embeddings of a width e of their own, mapped to d; groups of
/// layers whose parameters are shared by all layers of the group; a head back to e and the word embeddings as output
/// projection.
/// </summary>
public sealed class Albert : LanguageModel
{
    readonly LearnedEmbedding _embedding;
    readonly Norm _embeddingNorm, _headNorm;
    readonly Affine _mapping, _headDense, _output;
    readonly Func<Tensor, Tensor> _activation;
    readonly ITransformerLayer[] _layers;

    /// <summary>Creates the model with uninitialised weights: load or <see cref="LanguageModel.Initialise"/> them.</summary>
    /// <param name="config">Its configuration.</param>
    /// <param name="device">Where it lives; the CPU when null.</param>
    public Albert(ModelConfig config, Device? device = null)
        : base(config, device)
    {
        _embedding = new LearnedEmbedding(this, AlbertFamily.Words, AlbertFamily.PositionEmbeddings, AlbertFamily.TypeEmbeddings);
        _embeddingNorm = new Norm(Named, AlbertFamily.EmbeddingNorm, config.NormEpsilon);
        _mapping = Projection(AlbertFamily.EmbeddingMapping);
        int groups = AlbertFamily.Groups(config), inner = AlbertFamily.LayersOfGroup(config);
        var shared = Enumerable.Range(0, groups)
            .Select(g => Enumerable.Range(0, inner).Select(l => new AlbertLayer(this, AlbertFamily.Layer(g, l))).ToArray()).ToArray();
        // Layer i belongs to group i / (layers / groups), and applies all inner layers of it.
        _layers = [.. Enumerable.Range(0, config.Layers).SelectMany(i => shared[(int)((long)i * groups / config.Layers)])];
        _headDense = Projection(AlbertFamily.HeadDense);
        _headNorm = new Norm(Named, AlbertFamily.HeadNorm, config.NormEpsilon);
        _activation = Activation.Of(config.Activation);
        _output = Output(config.IsTied ? AlbertFamily.Words : AlbertFamily.OutputWeight, AlbertFamily.OutputBias);
    }

    private protected override IReadOnlyList<ITransformerLayer> Layers => _layers;

    /// <inheritdoc/>
    public override Tensor Logits(Tensor rows)
    {
        using var scope = NewDisposeScope();
        var h = _headNorm.Of(_activation(_headDense.Of(rows))); // (R, e)
        return _output.Of(h).MoveToOuterDisposeScope();
    }

    private protected override Tensor Embed(Tensor input_ids, Tensor? positions)
    {
        using var scope = NewDisposeScope();
        var x = _embeddingNorm.Of(_embedding.Of(input_ids, positions)); // (B, N, e)
        return _mapping.Of(Dropout.Of(x, training ? Config.HiddenDropout : 0)).MoveToOuterDisposeScope();
    }
}
