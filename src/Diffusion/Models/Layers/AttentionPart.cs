using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Models.Layers;

/// <summary>
/// Multi-head attention with its projections, the residual and a LayerNorm after it: to a layer's own positions or to another's.
/// </summary>
/// <param name="model">The model.</param>
/// <param name="projections">What the projections' names begin with.</param>
/// <param name="norm">The LayerNorm's name.</param>
/// <param name="heads">H.</param>
sealed class AttentionPart(LanguageModel model, string projections, string norm, int heads)
{
    readonly Affine _query = model.Projection(projections + ".q_proj"), _key = model.Projection(projections + ".k_proj"),
        _value = model.Projection(projections + ".v_proj"), _output = model.Projection(projections + ".out_proj");
    readonly Norm _after = new(model.Named, norm, model.Config.NormEpsilon);
    readonly Dropout _dropout = model.Dropout;
    readonly double _hiddenDropout = model.Config.HiddenDropout, _attentionDropout = model.Config.AttentionDropout;

    /// <summary>LayerNorm(x + attention of x to <paramref name="source"/>).</summary>
    /// <param name="x">// (B, N, d)</param>
    /// <param name="source">What is attended to. // (B, P, d)</param>
    /// <param name="bias">// (B, 1, 1 or N, P)</param>
    /// <param name="training">Whether dropout is on.</param>
    /// <returns>// (B, N, d)</returns>
    public Tensor Of(Tensor x, Tensor source, Tensor bias, bool training)
    {
        using var scope = NewDisposeScope();
        var context = Heads.Attend(Heads.Split(_query.Of(x), heads), Heads.Split(_key.Of(source), heads),
            Heads.Split(_value.Of(source), heads),
            bias, _dropout, training ? _attentionDropout : 0); // (B, N, d)
        return _after.Of(_dropout.Add(x, _output.Of(context), training ? _hiddenDropout : 0)).MoveToOuterDisposeScope();
    }
}
