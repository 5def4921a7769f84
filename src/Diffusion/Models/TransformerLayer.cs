using TorchSharp.Modules;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace DiffusionBatch.Diffusion.Models;

/// <summary>
/// One post-LayerNorm encoder layer of the RoBERTa family: attention and a feed-forward part with exact (erf) GELU, each
/// with dropout, the residual and a LayerNorm after it. A view on its model's parameters.
/// </summary>
sealed class TransformerLayer(IReadOnlyDictionary<string, Parameter> parameters, string prefix, int heads, double epsilon, double hiddenDropout, double attentionDropout)
{
    readonly Affine query = new(parameters, prefix + ".attention.self.query"), key = new(parameters, prefix + ".attention.self.key"),
        value = new(parameters, prefix + ".attention.self.value"), attentionOutput = new(parameters, prefix + ".attention.output.dense"),
        intermediate = new(parameters, prefix + ".intermediate.dense"), output = new(parameters, prefix + ".output.dense");

    readonly Norm attentionNorm = new(parameters, prefix + ".attention.output.LayerNorm", epsilon), outputNorm = new(parameters, prefix + ".output.LayerNorm", epsilon);

    /// <summary>What each position gathers from those it sees, heads side by side, before the output projection.</summary>
    /// <param name="x">// (B, N, d)</param>
    /// <param name="bias">// (B, 1, 1 or N, N)</param>
    /// <param name="training">Whether dropout is on.</param>
    /// <returns>// (B, N, d)</returns>
    public Tensor Attend(Tensor x, Tensor bias, bool training)
    {
        using var scope = NewDisposeScope();
        long batch = x.size(0), positions = x.size(1), d = x.size(2);
        Tensor Heads(Affine projection) => projection.Of(x).view(batch, positions, heads, d / heads).transpose(1, 2); // (B, H, N, d / H)
        var context = F.scaled_dot_product_attention(Heads(query), Heads(key), Heads(value), bias, training ? attentionDropout : 0);
        return context.transpose(1, 2).reshape(batch, positions, d).MoveToOuterDisposeScope();
    }

    /// <summary>The rest of the layer, each row by itself.</summary>
    /// <param name="x">The layer's input. // (..., d)</param>
    /// <param name="context">What <see cref="Attend"/> gave for it. // (..., d)</param>
    /// <param name="training">Whether dropout is on.</param>
    /// <returns>// (..., d)</returns>
    public Tensor Finish(Tensor x, Tensor context, bool training)
    {
        using var scope = NewDisposeScope();
        var attended = attentionNorm.Of(x + Drop(attentionOutput.Of(context), training));
        var inner = F.gelu(intermediate.Of(attended)); // (..., f)
        return outputNorm.Of(attended + Drop(output.Of(inner), training)).MoveToOuterDisposeScope();
    }

    Tensor Drop(Tensor x, bool training) => training && hiddenDropout > 0 ? F.dropout(x, hiddenDropout, training) : x;
}
