using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Problems;

namespace DiffusionBatch.Pipeline.Submitting;

/// <summary>What became of a request.</summary>
/// <param name="Outcome">The job, new or known by its key, or a conflict of keys; null where there are problems.</param>
/// <param name="Problems">All that is wrong with the manifest; nothing was stored.</param>
public sealed record SubmitResult(SubmitOutcome? Outcome, IReadOnlyList<Problem> Problems);
