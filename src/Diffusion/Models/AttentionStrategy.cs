namespace DiffusionBatch.Diffusion.Models;

/// <summary>Which positions a position sees (reference A.4). Padding is never seen.</summary>
public enum AttentionStrategy
{
    /// <summary>All.</summary>
    Full,

    /// <summary>The prompt sees the prompt alone; the response sees all.</summary>
    Prefix,

    /// <summary>Each position sees itself and those before it.</summary>
    Causal,

    /// <summary>A block ends with a newline token; a position sees its own block and those before it.</summary>
    Blockwise,
}
