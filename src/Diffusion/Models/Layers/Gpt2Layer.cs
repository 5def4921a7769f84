using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Models.Layers;

/// <summary>One pre-LayerNorm layer of GPT-2: a joint projection to queries, keys and values; all weights (in, out).</summary>
sealed class Gpt2Layer : ICachingLayer
{
    readonly Affine joint, attentionOutput, intermediate, output;
    readonly Dropout dropout;
    readonly Norm attentionNorm, feedForwardNorm;
    readonly Func<Tensor, Tensor> activation;
    readonly int heads;
    readonly double hiddenDropout, attentionDropout, queryScale;

    /// <summary>The layer with the given number, counted from 0.</summary>
    public Gpt2Layer(LanguageModel model, string prefix, int number)
    {
        var config = model.Config;
        (heads, hiddenDropout, attentionDropout) = (config.Heads, config.HiddenDropout, config.AttentionDropout);
        dropout = model.Dropout;
        activation = Activation.Of(config.Activation);
        attentionNorm = new Norm(model.Named, prefix + ".ln_1", config.NormEpsilon);
        joint = model.Projection(prefix + ".attn.c_attn", transposed: true);
        attentionOutput = model.Projection(prefix + ".attn.c_proj", transposed: true);
        feedForwardNorm = new Norm(model.Named, prefix + ".ln_2", config.NormEpsilon);
        intermediate = model.Projection(prefix + ".mlp.c_fc", transposed: true);
        output = model.Projection(prefix + ".mlp.c_proj", transposed: true);
        // The attention itself divides by sqrt(d_h).
        queryScale = (config.Flag("scale_attn_weights", true) ? 1 : Math.Sqrt(config.HeadSize)) / (config.Flag("scale_attn_by_inverse_layer_idx", false) ? number + 1 : 1);
    }

    /// <inheritdoc/>
    public Tensor Attend(Tensor x, Tensor bias, bool training, PassContext? pass = null) => Attend(x, bias, training, pass, null);

    /// <inheritdoc/>
    public Tensor Attend(Tensor x, Tensor bias, LayerCache cache) => Attend(x, bias, false, null, cache);

    Tensor Attend(Tensor x, Tensor bias, bool training, PassContext? pass, LayerCache? cache)
    {
        using var scope = NewDisposeScope();
        var parts = joint.Of(attentionNorm.Of(x)).chunk(3, 2); // of (B, N, 3 d)
        var query = Heads.Split(parts[0], heads);
        if (queryScale != 1) query = query * queryScale;
        var (key, value) = (Heads.Split(parts[1], heads), Heads.Split(parts[2], heads));
        if (pass is not null) (key, value) = pass.Extend(key, value);
        return Heads.Attend(query, key, value, bias, dropout, training ? attentionDropout : 0, cache).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public Tensor Finish(Tensor x, Tensor context, bool training)
    {
        using var scope = NewDisposeScope();
        double share = training ? hiddenDropout : 0;
        var attended = dropout.Add(x, attentionOutput.Of(context), share);
        var inner = activation(intermediate.Of(feedForwardNorm.Of(attended))); // (..., f)
        return dropout.Add(attended, output.Of(inner), share).MoveToOuterDisposeScope();
    }
}
