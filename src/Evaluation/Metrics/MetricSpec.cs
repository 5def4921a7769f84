namespace DiffusionBatch.Evaluation.Metrics;

/// <summary>A metric that is asked for.</summary>
/// <param name="Name">One of <see cref="MetricRegistry.Names"/>.</param>
/// <param name="As">The name in the report; null for <paramref name="Name"/>.</param>
/// <param name="Options">
/// Options by sacreBLEU's names in camelCase; values are strings, booleans or numbers, and null means not given.
/// </param>
public sealed record MetricSpec(string Name, string? As = null, IReadOnlyDictionary<string, object?>? Options = null)
{
    /// <summary>The name in the report.</summary>
    public string Label => As ?? Name;
}
