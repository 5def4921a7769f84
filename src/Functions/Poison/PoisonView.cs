using DiffusionBatch.Pipeline.Index;

namespace DiffusionBatch.Functions.Poison;

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
public sealed record PoisonView(long Id, string Job, int Task, long FirstItem, long ItemCount, string? ItemId, string Reason, int Attempts, PoisonState State, DateTimeOffset CreatedAt)
{
    /// <summary>The view of a row.</summary>
    public static PoisonView Of(PoisonRow row) => new(row.Id, row.JobId, row.Ordinal, row.FirstItem, row.ItemCount, row.ItemId, row.Reason, row.Attempts, row.State, row.CreatedAt);
}
