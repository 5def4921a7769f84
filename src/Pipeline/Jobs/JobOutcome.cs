using DiffusionBatch.Pipeline.Problems;

namespace DiffusionBatch.Pipeline.Jobs;

/// <summary>How a run ended.</summary>
/// <param name="Verdict">The end in a word.</param>
/// <param name="Jobs">Each job, in the order in which they ran.</param>
/// <param name="Problems">With <see cref="JobVerdict.BadInput"/>: all that is wrong.</param>
/// <param name="Error">Why the run as a whole couldn't go on (another process holds the root), or null.</param>
public sealed record JobOutcome(
    JobVerdict Verdict,
    IReadOnlyList<JobSummary> Jobs,
    IReadOnlyList<Problem> Problems,
    string? Error = null);
