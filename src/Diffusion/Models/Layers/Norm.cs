using TorchSharp.Modules;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace DiffusionBatch.Diffusion.Models.Layers;

/// <summary>LayerNorm over the last dimension with the parameters <c>name.weight</c> and <c>name.bias</c>.</summary>
sealed class Norm(IReadOnlyDictionary<string, Parameter> parameters, string name, double epsilon)
{
    readonly Parameter _weight = parameters[name + ".weight"], _bias = parameters[name + ".bias"];
    readonly long[] _shape = parameters[name + ".weight"].shape;

    /// <summary>// (..., d) to (..., d), in float32</summary>
    public Tensor Of(Tensor x)
    {
        if (x.dtype == ScalarType.Float32) return F.layer_norm(x, _shape, _weight, _bias, epsilon);
        using var wide = x.to(ScalarType.Float32);
        return F.layer_norm(wide, _shape, _weight, _bias, epsilon);
    }
}
