namespace DiffusionBatch.Pipeline.Index;

/// <summary>What became of a submission.</summary>
public enum SubmitStatus
{
    /// <summary>It was entered.</summary>
    Created,

    /// <summary>The same body was entered before under this key.</summary>
    Existing,

    /// <summary>Another body was entered before under this key; nothing was changed.</summary>
    Conflict,
}
