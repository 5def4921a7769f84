using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Models.Layers;

/// <summary>x / sqrt(mean(x^2) + epsilon) times <c>name.weight</c>, over the last dimension (Zhang and Sennrich 2019).</summary>
sealed class RmsNorm(IReadOnlyDictionary<string, Parameter> parameters, string name, double epsilon)
{
    readonly Parameter _weight = parameters[name + ".weight"];

    /// <summary>// (..., d) to (..., d)</summary>
    public Tensor Of(Tensor x)
    {
        using var scope = NewDisposeScope();
        var inverse = (x.square().mean([-1L], true) + epsilon).rsqrt(); // (..., 1)
        return (x * inverse * _weight).MoveToOuterDisposeScope();
    }
}
