namespace DiffusionBatch.Pipeline.Index;

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
