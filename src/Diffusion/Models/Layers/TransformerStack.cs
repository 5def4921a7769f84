using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Models.Layers;

/// <summary>An encoder or a decoder under BART's names: words and learned positions, a LayerNorm, layers.</summary>
sealed class TransformerStack
{
    /// <summary>Rows before the first position's in BART's tables.</summary>
    public const int PositionOffset = 2;

    readonly LanguageModel _model;
    readonly Parameter _words, _positions;
    readonly Norm _norm;
    readonly CrossAttentionLayer[] _layers;
    readonly double _scale;

    /// <summary>The stack whose parameters' names begin with <paramref name="prefix"/>.</summary>
    /// <param name="model">The model.</param>
    /// <param name="prefix"><c>model.encoder</c> or <c>model.decoder</c>.</param>
    /// <param name="count">Its layers.</param>
    /// <param name="heads">Their heads.</param>
    /// <param name="isDecoder">Whether it attends to the encoder's states.</param>
    public TransformerStack(LanguageModel model, string prefix, int count, int heads, bool isDecoder)
    {
        _model = model;
        _words = model.Named[model.Config.Family.WordEmbeddings];
        _positions = model.Named[prefix + ".embed_positions.weight"];
        _norm = new Norm(model.Named, prefix + ".layernorm_embedding", model.Config.NormEpsilon);
        _scale = model.Config.Flag("scale_embedding", false) ? Math.Sqrt(model.Config.HiddenSize) : 1;
        _layers = [.. Enumerable.Range(0, count).Select(i => new CrossAttentionLayer(model, $"{prefix}.layers.{i}", heads, isDecoder))];
    }

    /// <summary>The last layer's states.</summary>
    /// <param name="input_ids">// (B, N) int64</param>
    /// <param name="bias">0 where a position is seen, minus infinity elsewhere. // (B, 1, 1 or N, N)</param>
    /// <param name="memory">The encoder's states, for the decoder. // (B, P, d)</param>
    /// <param name="memoryBias">// (B, 1, 1, P)</param>
    /// <returns>// (B, N, d)</returns>
    public Tensor Of(Tensor input_ids, Tensor bias, Tensor? memory = null, Tensor? memoryBias = null)
    {
        using var scope = NewDisposeScope();
        bool training = _model.training, recomputes = _model.RecomputesActivations && training && is_grad_enabled();
        var x = Embed(input_ids);
        foreach (var layer in _layers)
            x = recomputes
                ? Recomputed.Of(t => layer.Of(t[0], t[memory is null ? 1 : 2], memory is null ? null : t[1], memory is null ? null : t[3],
                    training: true),
                    memory is null ? [x] : [x, memory], memory is null ? [bias] : [bias, memoryBias!], _model.Dropout)
                : layer.Of(x, bias, memory, memoryBias, training);
        return x.MoveToOuterDisposeScope();
    }

    Tensor Embed(Tensor input_ids)
    {
        using var scope = NewDisposeScope();
        long batch = input_ids.size(0), slots = input_ids.size(1);
        var x = ScatteredRows.Of(_words, input_ids.reshape(-1)).view(batch, slots, -1); // (B, N, d)
        if (_scale != 1) x = x * _scale;
        return _model.Dropout.Of(_norm.Of(x + LearnedEmbedding.First(_positions, PositionOffset, slots)),
            _model.training ? _model.Config.HiddenDropout : 0).MoveToOuterDisposeScope();
    }
}
