using System.Diagnostics;
using DiffusionBatch.Diffusion.Models;
using TorchSharp.Modules;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace DiffusionBatch.Bench;

/// <summary>forward, backward, clip and AdamW on one batch, over and over.</summary>
internal sealed class OurStep : IDisposable
{
    /// <summary>What a step consists of.</summary>
    internal static readonly string[] Phases = ["forward", "backward", "clip", "AdamW"];

    private readonly ModelCase _sizes;
    private readonly ModelBatch _batch;
    private readonly AdamW _optimizer;

    /// <summary>The weights are the same for each dropout.</summary>
    internal OurStep(ModelCase sizes, ModelBatch batch, double dropout)
    {
        (_sizes, _batch) = (sizes, batch);
        Model = new XlmRoberta(sizes.Config(dropout));
        Model.Initialise(1);
        Model.train();
        _optimizer = optim.AdamW(Model.parameters(), ModelCase.LearningRate, 0.9, 0.98, 1e-8, 0.01);
    }

    /// <summary>The model.</summary>
    internal XlmRoberta Model { get; }

    /// <summary>The loss before the last step's update.</summary>
    internal double Loss { get; private set; }

    /// <summary>Seconds of the last step, phase by phase.</summary>
    internal double[] Seconds { get; } = new double[Phases.Length];

    /// <summary>One step, from arrays to updated weights.</summary>
    internal void Run()
    {
        long start = Stopwatch.GetTimestamp();
        foreach (var parameter in _optimizer.parameters())
            parameter.grad = null; // as the peer does
        using var scope = NewDisposeScope();
        using var ids = tensor(_batch.Ids, [_sizes.Rows, _sizes.Columns]);
        using var seen = ones(_sizes.Rows, _sizes.Columns, ScalarType.Bool);
        var rows = Model.HiddenRows(ids, seen, tensor(_batch.Masked));
        var loss = F.cross_entropy(Model.Logits(rows), tensor(_batch.Targets));
        Lap(0);
        loss.backward();
        Lap(1);
        nn.utils.clip_grad_norm_(Model.parameters(), 1.0);
        Lap(2);
        _optimizer.step();
        Lap(3);
        Loss = loss.item<float>();

        void Lap(int phase)
        {
            Seconds[phase] = Stopwatch.GetElapsedTime(start).TotalSeconds;
            start = Stopwatch.GetTimestamp();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _optimizer.Dispose();
        Model.Dispose();
    }
}
