namespace DiffusionBatch.Pipeline.Index;

/// <summary>What became of a claim.</summary>
/// <param name="Status">Whether the task is the caller's.</param>
/// <param name="Task">The task, where it is; <see cref="TaskRow.Attempt"/> is the fencing token.</param>
/// <param name="Until">When to try again, where it is held.</param>
public sealed record ClaimOutcome(ClaimStatus Status, TaskRow? Task = null, DateTimeOffset? Until = null);

/// <summary>What became of a claim.</summary>
public enum ClaimStatus
{
    /// <summary>The task is the caller's until its lease ends.</summary>
    Claimed,

    /// <summary>It is done, or split into others that have messages of their own: the message can go.</summary>
    Done,

    /// <summary>Another holds it, or it may not begin yet: the message is to come again later.</summary>
    Held,

    /// <summary>Its job is being cancelled, has ended or expired, or is gone: the message can go.</summary>
    Stopped,
}

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
