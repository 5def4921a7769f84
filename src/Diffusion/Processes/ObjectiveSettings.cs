using DiffusionBatch.Diffusion.Models;

namespace DiffusionBatch.Diffusion.Processes;

/// <summary>What a model is trained to do.</summary>
public sealed record ObjectiveSettings
{
    /// <summary>The processes that can be trained.</summary>
    public static IReadOnlyList<string> Processes { get; } = ["absorbing"];

    /// <summary>The forward process: absorbing, where tokens become the mask.</summary>
    public string Process { get; init; } = "absorbing";

    /// <summary>T, the number of discrete times.</summary>
    public int Timesteps { get; init; } = 50;

    /// <summary>The weight of the loss at a time.</summary>
    public LossWeighting Weighting { get; init; } = LossWeighting.Linear;

    /// <summary>Two coupled times a sequence, the later's masks a subset of the earlier's (A.3), or a single one.</summary>
    public bool Coupled { get; init; } = true;

    /// <summary>Label smoothing e, in [0, 1).</summary>
    public double LabelSmoothing { get; init; }

    /// <summary>Which positions see which.</summary>
    public AttentionStrategy Attention { get; init; } = AttentionStrategy.Full;

    /// <summary>What is wrong with the settings, a line each.</summary>
    public IReadOnlyList<string> Validate()
    {
        var problems = new List<string>();
        if (!Processes.Contains(Process)) problems.Add($"process is '{Process}'; expected {string.Join(" or ", Processes)}");
        if (Timesteps < 1) problems.Add($"timesteps is {Timesteps}; expected at least 1");
        if (LabelSmoothing is not (>= 0 and < 1)) problems.Add($"labelSmoothing is {LabelSmoothing}; expected from 0 to below 1");
        return problems;
    }
}
