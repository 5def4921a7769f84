using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Models.Layers;

/// <summary>One pre-LayerNorm layer of GPT-2: a joint projection to queries, keys and values; all weights (in, out).</summary>
sealed class Gpt2Layer : ITransformerLayer
{
    readonly Affine _joint, _attentionOutput, _intermediate, _output;
    readonly Dropout _dropout;
    readonly Norm _attentionNorm, _feedForwardNorm;
    readonly Func<Tensor, Tensor> _activation;
    readonly int _heads;
    readonly double _hiddenDropout, _attentionDropout, _queryScale;

    /// <summary>The layer with the given number, counted from 0.</summary>
    public Gpt2Layer(LanguageModel model, string prefix, int number)
    {
        var config = model.Config;
        (_heads, _hiddenDropout, _attentionDropout) = (config.Heads, config.HiddenDropout, config.AttentionDropout);
        _dropout = model.Dropout;
        _activation = Activation.Of(config.Activation);
        _attentionNorm = new Norm(model.Named, prefix + ".ln_1", config.NormEpsilon);
        _joint = model.Projection(prefix + ".attn.c_attn", transposed: true);
        _attentionOutput = model.Projection(prefix + ".attn.c_proj", transposed: true);
        _feedForwardNorm = new Norm(model.Named, prefix + ".ln_2", config.NormEpsilon);
        _intermediate = model.Projection(prefix + ".mlp.c_fc", transposed: true);
        _output = model.Projection(prefix + ".mlp.c_proj", transposed: true);
        // The attention itself divides by sqrt(d_h).
        _queryScale = (config.Flag("scale_attn_weights", true) ? 1 : Math.Sqrt(config.HeadSize))
            / (config.Flag("scale_attn_by_inverse_layer_idx", false) ? number + 1 : 1);
    }

    /// <inheritdoc/>
    public Tensor Attend(Tensor x, Tensor bias, bool training, PassContext? pass = null)
    {
        using var scope = NewDisposeScope();
        var parts = _joint.Of(_attentionNorm.Of(x)).chunk(3, 2); // of (B, N, 3 d)
        var query = Heads.Split(parts[0], _heads);
        if (_queryScale != 1) query = query * _queryScale;
        var (key, value) = (Heads.Split(parts[1], _heads), Heads.Split(parts[2], _heads));
        if (pass is not null) (key, value) = pass.Join(key, value);
        return Heads.Attend(query, key, value, bias, _dropout, training ? _attentionDropout : 0).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public Tensor Finish(Tensor x, Tensor context, bool training)
    {
        using var scope = NewDisposeScope();
        double share = training ? _hiddenDropout : 0;
        var attended = _dropout.Add(x, _attentionOutput.Of(context), share);
        var inner = _activation(_intermediate.Of(_feedForwardNorm.Of(attended))); // (..., f)
        return _dropout.Add(attended, _output.Of(inner), share).MoveToOuterDisposeScope();
    }
}
