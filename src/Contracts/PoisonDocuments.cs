namespace DiffusionBatch.Contracts;

/// <summary>The poison list, the newest first.</summary>
/// <param name="Rows">The given-up tasks.</param>
public sealed record PoisonListView(IReadOnlyList<PoisonView> Rows);

/// <summary>A given-up task.</summary>
/// <param name="Id">Its number on the list.</param>
/// <param name="Job">The job's id.</param>
/// <param name="Task">The task's number in the job.</param>
/// <param name="FirstItem">The first item's place in the input, from 0.</param>
/// <param name="ItemCount">The number of items.</param>
/// <param name="ItemId">The item's id.</param>
/// <param name="Reason">The last error.</param>
/// <param name="Attempts">How often it was tried.</param>
/// <param name="State">What was done about it.</param>
/// <param name="CreatedAt">When it was given up.</param>
public sealed record PoisonView(long Id, string Job, int Task, long FirstItem, long ItemCount, string? ItemId, string Reason, int Attempts,
    PoisonState State, DateTimeOffset CreatedAt);

/// <summary>What was done about a given-up task.</summary>
public enum PoisonState
{
    /// <summary>Nothing yet.</summary>
    Listed,

    /// <summary>It is tried again.</summary>
    Requeued,

    /// <summary>It was struck off the list.</summary>
    Dropped,
}
