using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Models.Layers;

/// <summary>
/// One layer of LLaMA: RMSNorm before each part, rotary positions on queries and keys, key-value heads that are shared by
/// groups of query heads, and a gated feed-forward part, W_down (act(W_gate x) * W_up x).
/// </summary>
sealed class LlamaLayer : ITransformerLayer
{
    readonly Affine _query, _key, _value, _attentionOutput, _gate, _up, _down;
    readonly Dropout _dropout;
    readonly RmsNorm _attentionNorm, _feedForwardNorm;
    readonly Rotary _rotary;
    readonly Func<Tensor, Tensor> _activation;
    readonly int _heads, _keyValueHeads;
    readonly double _attentionDropout;

    /// <summary>The layer whose parameters' names begin with <paramref name="prefix"/>.</summary>
    public LlamaLayer(LanguageModel model, string prefix, Rotary rotary)
    {
        var config = model.Config;
        (_rotary, _heads, _keyValueHeads, _attentionDropout) = (rotary, config.Heads, config.KeyValueHeads, config.AttentionDropout);
        _dropout = model.Dropout;
        _activation = Activation.Of(config.Activation);
        _attentionNorm = new RmsNorm(model.Named, prefix + ".input_layernorm", config.NormEpsilon);
        _query = model.Projection(prefix + ".self_attn.q_proj");
        _key = model.Projection(prefix + ".self_attn.k_proj");
        _value = model.Projection(prefix + ".self_attn.v_proj");
        _attentionOutput = model.Projection(prefix + ".self_attn.o_proj");
        _feedForwardNorm = new RmsNorm(model.Named, prefix + ".post_attention_layernorm", config.NormEpsilon);
        _gate = model.Projection(prefix + ".mlp.gate_proj");
        _up = model.Projection(prefix + ".mlp.up_proj");
        _down = model.Projection(prefix + ".mlp.down_proj");
    }

    /// <inheritdoc/>
    public Tensor Attend(Tensor x, Tensor bias, bool training, PassContext? pass = null)
    {
        using var scope = NewDisposeScope();
        var normed = _attentionNorm.Of(x);
        var (places, reach) = (pass?.Positions, pass?.Reach);
        var q = _rotary.Turn(Heads.Split(_query.Of(normed), _heads), places, reach); // (B, H, N, d_h)
        var k = _rotary.Turn(Heads.Split(_key.Of(normed), _keyValueHeads), places, reach); // (B, G, N, d_h)
        var v = Heads.Split(_value.Of(normed), _keyValueHeads);
        if (pass is not null) (k, v) = pass.Join(k, v);
        return Heads.Attend(q, k, v, bias, _dropout, training ? _attentionDropout : 0).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public Tensor Finish(Tensor x, Tensor context, bool training)
    {
        using var scope = NewDisposeScope();
        var attended = _dropout.Add(x, _attentionOutput.Of(context), 0);
        var normed = _feedForwardNorm.Of(attended);
        return _dropout.Add(attended, _down.Of(_activation(_gate.Of(normed)) * _up.Of(normed)), 0).MoveToOuterDisposeScope();
    }
}
