using DiffusionBatch.Pipeline.Manifests.Fields;

namespace DiffusionBatch.Pipeline.Manifests;

/// <summary>Low-rank updates of projections (LoRA).</summary>
public sealed record LoraSettings
{
    /// <summary>Rank r of the updates.</summary>
    [Field("Rank of the updates.")]
    [Within(1, 65536)]
    public int Rank { get; init; } = 16;

    /// <summary>alpha; updates are scaled by alpha / rank.</summary>
    [Field("Scale of the updates, times `rank`.")]
    [Within(0, 1e6, AboveMinimum = true)]
    public double Alpha { get; init; } = 16;

    /// <summary>The projections, by name or the end of it.</summary>
    [Field("The projections that are updated: whole names or their last parts, e.g. `q_proj` and `v_proj`, or `query` and `value`.")]
    [Count(1)]
    public required IReadOnlyList<string> Targets { get; init; }

    /// <summary>Whether the updates end in the weights.</summary>
    [Field("Whether the updates are added to the weights at the end; otherwise they are kept beside them, in PEFT's two files, and used from there.")]
    public bool Merge { get; init; }
}
