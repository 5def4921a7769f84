using TorchSharp.Modules;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace DiffusionBatch.Diffusion.Models;

/// <summary>x W^T + b with the parameters <c>name.weight</c> and <c>name.bias</c>.</summary>
sealed class Affine(IReadOnlyDictionary<string, Parameter> parameters, string name)
{
    readonly Parameter weight = parameters[name + ".weight"], bias = parameters[name + ".bias"];

    /// <summary>// (..., in) to (..., out)</summary>
    public Tensor Of(Tensor x) => F.linear(x, weight, bias);
}
