using DiffusionBatch.Diffusion.Models.Families;
using DiffusionBatch.Diffusion.Models.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Models;

/// <summary>
/// LLaMA (Touvron et al. 2023): RMSNorm, rotary positions, grouped key-value heads, gated feed-forward parts, and an output
/// projection that may be the word embeddings. Causal by its own nature.
/// </summary>
public sealed class Llama : LanguageModel
{
    readonly Parameter _words;
    readonly Affine _output;
    readonly RmsNorm _finalNorm;
    readonly Rotary _rotary;
    readonly ITransformerLayer[] _layers;

    /// <summary>Creates the model with uninitialised weights: load or <see cref="LanguageModel.Initialise"/> them.</summary>
    /// <param name="config">Its configuration.</param>
    /// <param name="device">Where it lives; the CPU when null.</param>
    public Llama(ModelConfig config, Device? device = null)
        : base(config, device)
    {
        _words = Named[LlamaFamily.Words];
        _output = Output(config.IsTied ? LlamaFamily.Words : LlamaFamily.OutputWeight);
        var (frequencies, magnitude) = LlamaFamily.Frequencies(config);
        _rotary = new Rotary(frequencies, magnitude, Device);
        _layers = [.. Enumerable.Range(0, config.Layers).Select(i => new LlamaLayer(this, $"model.layers.{i}", _rotary))];
        _finalNorm = new RmsNorm(Named, "model.norm", config.NormEpsilon);
    }

    private protected override IReadOnlyList<ITransformerLayer> Layers => _layers;

    private protected override Tensor Close(Tensor states) => _finalNorm.Of(states);

    /// <inheritdoc/>
    public override Tensor Logits(Tensor rows) => _output.Of(rows);

    private protected override Tensor Embed(Tensor input_ids, Tensor? positions)
    {
        using var scope = NewDisposeScope();
        return ScatteredRows.Of(_words, input_ids.reshape(-1)).view(input_ids.size(0), input_ids.size(1), -1).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) _rotary.Dispose();
        base.Dispose(disposing);
    }
}
