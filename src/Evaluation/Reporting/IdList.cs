namespace DiffusionBatch.Evaluation.Reporting;

/// <summary>Ids that one side of a join has and the other hasn't, or that come twice.</summary>
/// <param name="Count">How many there are.</param>
/// <param name="First">The first of them, at most <see cref="Most"/>.</param>
public sealed record IdList(long Count, IReadOnlyList<string> First)
{
    /// <summary>How many are kept; <c>unmatched.jsonl</c> has all.</summary>
    public const int Most = 1_000;
}
