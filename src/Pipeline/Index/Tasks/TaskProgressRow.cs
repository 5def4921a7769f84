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
}
