using DiffusionBatch.Pipeline.Jobs;

namespace DiffusionBatch.Pipeline.Index;

/// <summary>How far a running task is. Where it is farther than any attempt was, its failures are forgotten.</summary>
/// <param name="Phase">What it does, in a word or two.</param>
/// <param name="Done">Units done that a successor won't do again.</param>
/// <param name="Total">Units in all, or 0.</param>
/// <param name="Unit">What is counted, in the plural.</param>
public sealed record TaskProgressRow(string Phase, long Done, long Total, string Unit)
{
    /// <summary>Live figures by name; what isn't a number is left out.</summary>
    public IReadOnlyDictionary<string, double> Figures { get; init; } = new Dictionary<string, double>();

    /// <summary>What a task tells of itself.</summary>
    public static TaskProgressRow Of(TaskProgress progress) => new(progress.Phase, Math.Max(progress.Done, 0), progress.Total, progress.Unit)
    {
        Figures = progress.Metrics ?? new Dictionary<string, double>(),
    };
}
