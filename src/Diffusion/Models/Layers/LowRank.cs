using TorchSharp.Modules;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace DiffusionBatch.Diffusion.Models.Layers;

/// <summary>A low-rank update of a projection, (alpha / r) B A x (Hu et al. 2021, LoRA, section 4.1).</summary>
/// <param name="a">A. // (r, in)</param>
/// <param name="b">B. // (out, r)</param>
/// <param name="scale">alpha / r.</param>
sealed class LowRank(Parameter a, Parameter b, double scale)
{
    Tensor? _roundedA, _roundedB;

    /// <summary>// (..., in) to (..., out)</summary>
    public Tensor Of(Tensor x)
    {
        using var scope = NewDisposeScope();
        return (F.linear(F.linear(x, _roundedA ?? a), _roundedB ?? b) * scale).MoveToOuterDisposeScope();
    }

    /// <summary>As <see cref="Affine.Round"/>.</summary>
    public void Round()
    {
        Restore();
        _roundedA = a.to(bfloat16).DetachFromDisposeScope();
        _roundedB = b.to(bfloat16).DetachFromDisposeScope();
    }

    /// <summary>As <see cref="Affine.Restore"/>.</summary>
    public void Restore()
    {
        _roundedA?.Dispose();
        _roundedB?.Dispose();
        _roundedA = _roundedB = null;
    }

    /// <summary>The update as a matrix. // (out, in)</summary>
    public Tensor Matrix()
    {
        using var scope = NewDisposeScope();
        return (b.matmul(a) * scale).MoveToOuterDisposeScope();
    }
}
