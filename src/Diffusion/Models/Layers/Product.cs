using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace DiffusionBatch.Diffusion.Models.Layers;

/// <summary>Matrix products in the forms in which they and their gradients are fast.</summary>
static class Product
{
    /// <summary>Whether a product's bias gets a gradient now.</summary>
    public static bool LearnsBias(Tensor? bias) => bias is not null && is_grad_enabled() && bias.requires_grad;

    /// <summary>x in the type that a weight is in.</summary>
    public static Tensor Operand(Tensor x, Tensor weight) => x.dtype == weight.dtype ? x : x.to(weight.dtype);

    /// <summary>x W^T + b.</summary>
    /// <param name="x">// (..., in)</param>
    /// <param name="weight">// (out, in)</param>
    /// <param name="bias">// (out), or null</param>
    /// <returns>// (..., out)</returns>
    public static Tensor Of(Tensor x, Tensor weight, Tensor? bias)
    {
        if (!LearnsBias(bias)) return F.linear(x, weight, bias);
        using var scope = NewDisposeScope();
        var rows = x.dim() == 2 ? x : x.reshape(-1, x.size((int)x.dim() - 1)); // (R, in)
        // The bias as a product with ones: its gradient is a product too, several times as fast as the library's sum over rows.
        var one = ones([rows.size(0), 1], dtype: x.dtype, device: x.device);
        var y = F.linear(rows, weight).addmm_(one, bias!.view(1, -1), 1, 1); // (R, out)
        return (x.dim() == 2 ? y : y.view([.. x.shape[..^1], weight.size(0)])).MoveToOuterDisposeScope();
    }
}
