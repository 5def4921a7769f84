namespace DiffusionBatch.Pipeline.Index;

/// <summary>What a heartbeat learned.</summary>
public enum RenewOutcome
{
    /// <summary>The task is still the caller's.</summary>
    Held,

    /// <summary>Another has it now, or it was ended: stop, and write nothing more.</summary>
    Lost,

    /// <summary>It is the caller's, but its job is cancelled, ended or expired: stop, and release it.</summary>
    Stop,
}
