using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DiffusionBatch.Bench;

/// <summary>Our side of an operation: its leaves, and how it is computed from them.</summary>
internal sealed class OurOp : IDisposable
{
    private readonly DisposeScope _scope;
    private readonly Func<Tensor> _compute;
    private readonly Tensor[] _leaves;
    private readonly Tensor? _weight;

    /// <param name="scope">Holds the inputs.</param>
    /// <param name="compute">The operation.</param>
    /// <param name="leaves">Whose gradients are wanted; none where the operation has none.</param>
    internal OurOp(DisposeScope scope, Func<Tensor> compute, params Tensor[] leaves)
    {
        (_scope, _compute, _leaves) = (scope, compute, leaves);
        if (leaves.Length == 0)
            return;
        using (no_grad())
            _weight = OpInput.Floats(99, Shape());
        foreach (var leaf in leaves)
            leaf.requires_grad_();
    }

    /// <summary>Whether there is a gradient to time.</summary>
    internal bool HasGradient => _leaves.Length > 0;

    /// <summary>The operation alone; an update of weights changes them.</summary>
    internal void Forward()
    {
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        _compute();
    }

    /// <summary>The operation and the gradients of its leaves.</summary>
    internal void WithGradient()
    {
        using var scope = NewDisposeScope();
        foreach (var leaf in _leaves)
            leaf.grad = null;
        _compute().backward([_weight!]);
    }

    /// <summary>The sum of the magnitudes of the result.</summary>
    internal double SumOfResult()
    {
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        return Magnitude(_compute());
    }

    /// <summary>The sum of the magnitudes of the gradients.</summary>
    internal double SumOfGradients()
    {
        WithGradient();
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        return _leaves.Sum(leaf => Magnitude(leaf.grad!));
    }

    /// <inheritdoc/>
    public void Dispose() => _scope.Dispose();

    private static double Magnitude(Tensor x) => x.to(float64).abs().sum().item<double>();

    private long[] Shape()
    {
        using var scope = NewDisposeScope();
        return _compute().shape;
    }
}
