namespace DiffusionBatch.Pipeline.Index;

/// <summary>Why a task is let go.</summary>
public enum ReleaseKind
{
    /// <summary>The worker stops; no failure.</summary>
    GivenBack,

    /// <summary>It failed, and may be tried again.</summary>
    Failed,

    /// <summary>Its job is cancelled, ended or expired.</summary>
    Stopped,
}
