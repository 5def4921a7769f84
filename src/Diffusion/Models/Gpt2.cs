using DiffusionBatch.Diffusion.Models.Families;
using DiffusionBatch.Diffusion.Models.Layers;
using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Models;

/// <summary>
/// GPT-2 (Radford et al. 2019): learned positions, pre-LayerNorm layers, a LayerNorm after the last, and the word embeddings
/// as output projection without a bias. Causal by its own nature.
/// </summary>
public sealed class Gpt2 : LanguageModel
{
    readonly LearnedEmbedding _embedding;
    readonly Norm _finalNorm;
    readonly Affine _output;
    readonly ITransformerLayer[] _layers;

    /// <summary>Creates the model with uninitialised weights: load or <see cref="LanguageModel.Initialise"/> them.</summary>
    /// <param name="config">Its configuration.</param>
    /// <param name="device">Where it lives; the CPU when null.</param>
    public Gpt2(ModelConfig config, Device? device = null)
        : base(config, device)
    {
        _embedding = new LearnedEmbedding(this, Gpt2Family.Words, Gpt2Family.PositionEmbeddings, null);
        _layers = [.. Enumerable.Range(0, config.Layers).Select(i => new Gpt2Layer(this, $"transformer.h.{i}", i))];
        _finalNorm = new Norm(Named, "transformer.ln_f", config.NormEpsilon);
        _output = Output(config.IsTied ? Gpt2Family.Words : Gpt2Family.OutputWeight);
    }

    private protected override IReadOnlyList<ITransformerLayer> Layers => _layers;

    private protected override Tensor Close(Tensor states) => _finalNorm.Of(states);

    /// <inheritdoc/>
    public override Tensor Logits(Tensor rows) => _output.Of(rows);

    private protected override Tensor Embed(Tensor input_ids, Tensor? positions)
    {
        using var scope = NewDisposeScope();
        return Dropout.Of(_embedding.Of(input_ids, positions), training ? Config.EmbeddingDropout : 0).MoveToOuterDisposeScope();
    }
}
