namespace DiffusionBatch.Pipeline.Results;

/// <summary>How many items a job has, and how they fared. An item counts as errored where any of its results is an error.</summary>
/// <param name="Total">Items in all.</param>
/// <param name="Succeeded">Those with results only.</param>
/// <param name="Errored">Those with an error.</param>
public sealed record ItemCounts(long Total, long Succeeded, long Errored)
{
    /// <summary>Whether the share of items with errors is above a threshold: exactly that share, as in 29 of 100 at 0.29, isn't.</summary>
    /// <param name="threshold">A share from 0 to 1; -1 allows any.</param>
    // The quotient is the double nearest to the share, as the manifest's number is; threshold times total may be a last digit off.
    public bool Exceed(double threshold) => threshold >= 0 && Errored > 0 && (double)Errored / Total > threshold;
}
