using TorchSharp.Modules;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace DiffusionBatch.Diffusion.Models.Layers;

/// <summary>
/// x W^T + b with the parameters <c>name.weight</c> (out, in) and, where there is one, <c>name.bias</c>. GPT-2 keeps its
/// weights the other way round, (in, out): x W + b.
/// </summary>
sealed class Affine(IReadOnlyDictionary<string, Parameter> parameters, string name, bool transposed = false)
{
    readonly Parameter weight = parameters[name + ".weight"];
    readonly Parameter? bias = parameters.GetValueOrDefault(name + ".bias");

    /// <summary>The projection's name, without <c>.weight</c>.</summary>
    public string Name => name;

    /// <summary>The weight. // (out, in), or (in, out) where it is kept transposed</summary>
    public Parameter Weight => weight;

    /// <summary>Whether the weight is (in, out).</summary>
    public bool IsTransposed => transposed;

    /// <summary>Columns of x.</summary>
    public long Inputs => weight.size(transposed ? 0 : 1);

    /// <summary>Columns of the result.</summary>
    public long Outputs => weight.size(transposed ? 1 : 0);

    /// <summary>What is added to the projection beside its weight; null for nothing.</summary>
    public LowRank? Adapter { get; set; }

    /// <summary>// (..., in) to (..., out)</summary>
    public Tensor Of(Tensor x)
    {
        if (Adapter is null && !transposed) return F.linear(x, weight, bias);
        using var scope = NewDisposeScope();
        var y = F.linear(x, transposed ? weight.t() : weight, bias);
        return (Adapter is null ? y : y + Adapter.Of(x)).MoveToOuterDisposeScope();
    }
}
