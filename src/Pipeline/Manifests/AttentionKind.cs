namespace DiffusionBatch.Pipeline.Manifests;

/// <summary>Which tokens see which.</summary>
public enum AttentionKind
{
    /// <summary>All see all.</summary>
    Full,

    /// <summary>The prompt sees itself; the response sees all.</summary>
    Prefix,

    /// <summary>Each token sees itself and those before it.</summary>
    Causal,

    /// <summary>A block ends with a line break; each token sees its own block and those before it.</summary>
    Blockwise,
}
