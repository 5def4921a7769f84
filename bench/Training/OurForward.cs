using DiffusionBatch.Diffusion.Models;
using static TorchSharp.torch;

namespace DiffusionBatch.Bench;

/// <summary>A forward pass with the logits of all positions.</summary>
internal sealed class OurForward : IDisposable
{
    private readonly ModelCase _sizes;
    private readonly ModelBatch _batch;

    internal OurForward(ModelCase sizes, ModelBatch batch)
    {
        (_sizes, _batch) = (sizes, batch);
        Model = new XlmRoberta(sizes.Config(0));
        Model.Initialise(1);
        Model.eval();
    }

    /// <summary>The model.</summary>
    internal XlmRoberta Model { get; }

    /// <summary>One pass, from arrays to logits.</summary>
    internal void Run()
    {
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        Logits();
    }

    /// <summary>The sum of the logits' magnitudes, to compare the sides by.</summary>
    internal double Sum()
    {
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        return Logits().to(float64).abs().sum().item<double>();
    }

    /// <inheritdoc/>
    public void Dispose() => Model.Dispose();

    private Tensor Logits()
    {
        var ids = tensor(_batch.Ids, [_sizes.Rows, _sizes.Columns]);
        return Model.Logits(Model.Hidden(ids, ones(_sizes.Rows, _sizes.Columns, ScalarType.Bool)));
    }
}
