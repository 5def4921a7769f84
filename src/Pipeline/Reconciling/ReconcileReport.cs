namespace DiffusionBatch.Pipeline.Reconciling;

/// <summary>What a reconciler did.</summary>
/// <param name="Lapsed">Tasks freed of workers that are gone.</param>
/// <param name="Expired">Jobs that ended unplanned, past their time.</param>
/// <param name="Ended">Jobs that it ended.</param>
/// <param name="Advanced">Jobs that wait no more.</param>
/// <param name="Resent">Messages written again.</param>
/// <param name="Sent">Messages sent.</param>
public sealed record ReconcileReport(int Lapsed, int Expired, int Ended, int Advanced, int Resent, int Sent)
{
    /// <summary>The gaps that were found.</summary>
    public int Healed => Lapsed + Expired + Ended + Advanced + Resent;
}
