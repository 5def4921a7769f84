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

    /// <summary>Each block of the response sees itself and what is before it.</summary>
    Blockwise,
}
