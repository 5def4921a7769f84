using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Models.Layers;

/// <summary>
/// One layer of LLaMA: RMSNorm before each part, rotary positions on queries and keys, key-value heads that are shared by
/// groups of query heads, and a gated feed-forward part, W_down (act(W_gate x) * W_up x).
/// </summary>
sealed class LlamaLayer : ICachingLayer
{
    readonly Affine query, key, value, attentionOutput, gate, up, down;
    readonly Dropout dropout;
    readonly RmsNorm attentionNorm, feedForwardNorm;
    readonly Rotary rotary;
    readonly Func<Tensor, Tensor> activation;
    readonly int heads, keyValueHeads;
    readonly double attentionDropout;

    /// <summary>The layer whose parameters' names begin with <paramref name="prefix"/>.</summary>
    public LlamaLayer(LanguageModel model, string prefix, Rotary rotary)
    {
        var config = model.Config;
        (this.rotary, heads, keyValueHeads, attentionDropout) = (rotary, config.Heads, config.KeyValueHeads, config.AttentionDropout);
        dropout = model.Dropout;
        activation = Activation.Of(config.Activation);
        attentionNorm = new RmsNorm(model.Named, prefix + ".input_layernorm", config.NormEpsilon);
        query = model.Projection(prefix + ".self_attn.q_proj");
        key = model.Projection(prefix + ".self_attn.k_proj");
        value = model.Projection(prefix + ".self_attn.v_proj");
        attentionOutput = model.Projection(prefix + ".self_attn.o_proj");
        feedForwardNorm = new RmsNorm(model.Named, prefix + ".post_attention_layernorm", config.NormEpsilon);
        gate = model.Projection(prefix + ".mlp.gate_proj");
        up = model.Projection(prefix + ".mlp.up_proj");
        down = model.Projection(prefix + ".mlp.down_proj");
    }

    /// <inheritdoc/>
    public Tensor Attend(Tensor x, Tensor bias, bool training, PassContext? pass = null) => Attend(x, bias, training, pass, null);

    /// <inheritdoc/>
    public Tensor Attend(Tensor x, Tensor bias, LayerCache cache) => Attend(x, bias, false, null, cache);

    Tensor Attend(Tensor x, Tensor bias, bool training, PassContext? pass, LayerCache? cache)
    {
        using var scope = NewDisposeScope();
        var normed = attentionNorm.Of(x);
        var (places, reach) = (pass?.Positions ?? cache?.Positions, pass?.Reach ?? cache?.Columns);
        var q = rotary.Turn(Heads.Split(query.Of(normed), heads), places, reach); // (B, H, N, d_h)
        var k = rotary.Turn(Heads.Split(key.Of(normed), keyValueHeads), places, reach); // (B, G, N, d_h)
        var v = Heads.Split(value.Of(normed), keyValueHeads);
        if (pass is not null) (k, v) = pass.Extend(k, v);
        return Heads.Attend(q, k, v, bias, dropout, training ? attentionDropout : 0, cache).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public Tensor Finish(Tensor x, Tensor context, bool training)
    {
        using var scope = NewDisposeScope();
        var attended = dropout.Add(x, attentionOutput.Of(context), 0);
        var normed = feedForwardNorm.Of(attended);
        return dropout.Add(attended, down.Of(activation(gate.Of(normed)) * up.Of(normed)), 0).MoveToOuterDisposeScope();
    }
}
