using DiffusionBatch.Contracts;

namespace DiffusionBatch.Pipeline.Jobs;

/// <summary>Where a job stands. The first event of a job carries its new state, the last one its final state.</summary>
/// <param name="Job">The job's name.</param>
/// <param name="Kind"><c>finetune</c>, <c>sample</c> or <c>evaluate</c>.</param>
/// <param name="State">The job's state.</param>
/// <param name="Phase">What it does, in a word or two: <c>checking</c>, <c>training</c>, <c>sampling</c>, <c>scoring</c>.</param>
/// <param name="Done">Units done, those of earlier runs included.</param>
/// <param name="Total">Units in all, or 0 while that isn't known.</param>
/// <param name="Unit">What is counted, in the plural: <c>steps</c>, <c>results</c>, <c>cells</c>.</param>
/// <param name="Metrics">Live figures by name: <c>loss</c>, <c>tokens/s</c>, <c>items/s</c>.</param>
/// <param name="Elapsed">Time since this run took the job up.</param>
/// <param name="Remaining">Estimated time to go, from the pace of this run; null before there is one.</param>
/// <param name="Note">A sentence for the log (a warning, a reason), or null.</param>
public sealed record JobProgress(
    string Job,
    string Kind,
    JobState State,
    string Phase,
    long Done,
    long Total,
    string Unit,
    IReadOnlyDictionary<string, double> Metrics,
    TimeSpan Elapsed,
    TimeSpan? Remaining,
    string? Note = null);
