using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace DiffusionBatch.Diffusion.Models.Layers;

/// <summary>
/// One block of the diffusion transformer: before each part a LayerNorm without a bias, whose shift and scale, as the gate of the part's
/// result, are made of the conditioning (adaLN, Peebles and Xie 2023, figure 3). In two parts, as <see cref="ITransformerLayer"/> is.
/// </summary>
sealed class SeddBlock
{
    readonly Affine _joint, _attentionOutput, _intermediate, _output, _modulation;
    readonly AdaptiveNorm _attentionNorm, _feedForwardNorm;
    readonly Dropout _dropout;
    readonly Rotary _rotary;
    readonly Func<Tensor, Tensor> _activation;
    readonly int _heads;
    readonly double _share;

    /// <summary>The block whose parameters' names begin with <paramref name="prefix"/>.</summary>
    public SeddBlock(LanguageModel model, string prefix, Rotary rotary)
    {
        var config = model.Config;
        (_rotary, _dropout, _heads, _share) = (rotary, model.Dropout, config.Heads, config.HiddenDropout);
        _activation = Activation.Of(config.Activation);
        _attentionNorm = new AdaptiveNorm(model, prefix + ".norm1");
        _joint = model.Projection(prefix + ".attn_qkv");
        _attentionOutput = model.Projection(prefix + ".attn_out");
        _feedForwardNorm = new AdaptiveNorm(model, prefix + ".norm2");
        _intermediate = model.Projection(prefix + ".mlp.0");
        _output = model.Projection(prefix + ".mlp.2");
        _modulation = model.Projection(prefix + ".adaLN_modulation");
    }

    /// <summary>Shift, scale and gate of the attention, then of the feed-forward part, side by side. // (B, cond) to (B, 6 d)</summary>
    public Tensor Modulation(Tensor condition)
    {
        using var scope = NewDisposeScope();
        return _modulation.Of(condition).to(float32).MoveToOuterDisposeScope();
    }

    /// <summary>What each position gathers from those it sees, before the output projection.</summary>
    /// <param name="x">// (B, N, d)</param>
    /// <param name="modulations">// (B, 1, 6 d)</param>
    /// <param name="bias">// (B, 1, 1 or N, N)</param>
    /// <returns>// (B, N, d)</returns>
    public Tensor Attend(Tensor x, Tensor modulations, Tensor bias)
    {
        using var scope = NewDisposeScope();
        var m = modulations.chunk(6, -1);
        var parts = _joint.Of(_attentionNorm.Of(x, m[0], m[1])).chunk(3, 2); // of (B, N, 3 d)
        var (q, k) = (_rotary.Turn(Heads.Split(parts[0], _heads)), _rotary.Turn(Heads.Split(parts[1], _heads)));
        return Heads.Attend(q, k, Heads.Split(parts[2], _heads), bias, _dropout, 0).MoveToOuterDisposeScope();
    }

    /// <summary>The rest of the block, each row by itself.</summary>
    /// <param name="x">// (..., d)</param>
    /// <param name="context">What <see cref="Attend"/> gave for it. // (..., d)</param>
    /// <param name="modulations">// (..., 6 d)</param>
    /// <param name="training">Whether dropout is on.</param>
    /// <returns>// (..., d)</returns>
    public Tensor Finish(Tensor x, Tensor context, Tensor modulations, bool training)
    {
        using var scope = NewDisposeScope();
        var m = modulations.chunk(6, -1);
        double dropped = training ? _share : 0;
        var attended = x + m[2] * _dropout.Of(_attentionOutput.Of(context).to(float32), dropped);
        var inner = _activation(_intermediate.Of(_feedForwardNorm.Of(attended, m[3], m[4]))); // (..., f)
        return (attended + m[5] * _dropout.Of(_output.Of(inner).to(float32), dropped)).MoveToOuterDisposeScope();
    }
}

/// <summary>LayerNorm with a weight of its own, then x (1 + scale) + shift.</summary>
sealed class AdaptiveNorm(LanguageModel model, string name)
{
    readonly Tensor _weight = model.Named[name + ".weight"];
    readonly double _epsilon = model.Config.NormEpsilon;

    /// <summary>// (..., d) to (..., d)</summary>
    public Tensor Of(Tensor x, Tensor shift, Tensor scale)
    {
        using var scope = NewDisposeScope();
        return (F.layer_norm(x, _weight.shape, _weight, null, _epsilon) * (scale + 1) + shift).MoveToOuterDisposeScope();
    }
}
