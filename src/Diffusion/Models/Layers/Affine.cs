using TorchSharp.Modules;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace DiffusionBatch.Diffusion.Models.Layers;

/// <summary>
/// x W^T + b with a weight (out, in) and, where there is one, a bias. GPT-2 keeps its weights the other way round, (in, out):
/// x W + b. Between <see cref="Round"/> and <see cref="Restore"/> the product is computed in bfloat16, and so is its result.
/// </summary>
sealed class Affine(string name, Parameter weight, Parameter? bias, bool transposed = false)
{
    Tensor? _roundedWeight, _roundedBias;

    /// <summary>The projection with the parameters <c>name.weight</c> and, where there is one, <c>name.bias</c>.</summary>
    public Affine(IReadOnlyDictionary<string, Parameter> parameters, string name, bool transposed = false)
        : this(name, parameters[name + ".weight"], parameters.GetValueOrDefault(name + ".bias"), transposed)
    {
    }

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

    /// <summary>The weight and the bias as products take them: the parameters or their roundings.</summary>
    public (Tensor Weight, Tensor? Bias) Operands => (_roundedWeight ?? weight, _roundedBias ?? bias);

    /// <summary>
    /// Has products computed in bfloat16 from here on, of the parameters as they are now; gradients go to the parameters.
    /// </summary>
    public void Round()
    {
        Restore();
        _roundedWeight = weight.to(bfloat16).DetachFromDisposeScope();
        _roundedBias = bias?.to(bfloat16).DetachFromDisposeScope();
        Adapter?.Round();
    }

    /// <summary>Has products computed of the parameters themselves again.</summary>
    public void Restore()
    {
        _roundedWeight?.Dispose();
        _roundedBias?.Dispose();
        _roundedWeight = _roundedBias = null;
        Adapter?.Restore();
    }

    /// <summary>// (..., in) to (..., out), in the type of the operands</summary>
    public Tensor Of(Tensor x)
    {
        var (w, b) = Operands;
        if (Adapter is null && !transposed && _roundedWeight is null && !Product.LearnsBias(b)) return F.linear(x, w, b);
        using var scope = NewDisposeScope();
        x = Product.Operand(x, w);
        var y = Product.Of(x, transposed ? w.t() : w, b);
        return (Adapter is null ? y : y + Adapter.Of(x)).MoveToOuterDisposeScope();
    }
}
