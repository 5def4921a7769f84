namespace DiffusionBatch.Diffusion.Sampling;

/// <summary>One input of a sampling job.</summary>
public sealed record SampleItem
{
    /// <summary>The item's name: with the job's seed it determines every draw.</summary>
    public required string Id { get; init; }

    /// <summary>
    /// The canvas before the masks, <c>&lt;s&gt;</c> included, as it stands; it never changes but in <see cref="Holes"/>.
    /// </summary>
    public required int[] PromptIds { get; init; }

    /// <summary>
    /// The positions within <see cref="PromptIds"/>, ascending, that are slots too: the first ones. Such an item needs no slots behind.
    /// </summary>
    public int[] Holes { get; init; } = [];

    /// <summary>Whether it is sampled in the run's checks too.</summary>
    public bool IsChecked { get; init; }

    /// <summary>Tokens that never change.</summary>
    internal int Fixed => PromptIds.Length - Holes.Length;

    /// <summary>Tokens before the first slot.</summary>
    internal int Prefix => Holes.Length > 0 ? Holes[0] : PromptIds.Length;

    /// <summary>Where a slot stands in the canvas.</summary>
    internal int PositionOf(int slot) => slot < Holes.Length ? Holes[slot] : PromptIds.Length + slot - Holes.Length;

    /// <summary>The number of the target's tokens without <c>&lt;/s&gt;</c>; null where the item has no target.</summary>
    public int? OracleLength { get; init; }

    /// <summary>The number of slots whatever the cell's length source; null to use that source.</summary>
    public int? LengthOverride { get; init; }
}
