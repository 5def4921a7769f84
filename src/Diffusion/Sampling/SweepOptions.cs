using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Processes;

namespace DiffusionBatch.Diffusion.Sampling;

/// <summary>What doesn't belong to a cell. Batch budget and tracing have no part in what is sampled.</summary>
public sealed record SweepOptions
{
    /// <summary>The job's seed.</summary>
    public long Seed { get; init; }

    /// <summary>Tokens, padding included, of one forward pass; at least 1. A canvas longer than that runs alone.</summary>
    public int BatchTokens { get; init; } = 4096;

    /// <summary>Whether results carry every candidate's steps.</summary>
    public bool Trace { get; init; }

    /// <summary>What stands behind the slots of cells that don't say it.</summary>
    public CanvasClosing Closing { get; init; }

    /// <summary>Tokens of a block in cells of block diffusion that don't say it, as in training; 0 for the whole response.</summary>
    public int BlockLength { get; init; }

    /// <summary>The noise that open slots show to a model of the multinomial process; null where they show the mask.</summary>
    public MultinomialNoise? Noise { get; init; }
}
