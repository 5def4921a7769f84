namespace DiffusionBatch.Evaluation.Metrics;

/// <summary>Metrics that were asked for and can be had.</summary>
public sealed class MetricPlan
{
    readonly IReadOnlyList<Func<BootstrapOptions?, IMetric>> _factories;

    internal MetricPlan(IReadOnlyList<Func<BootstrapOptions?, IMetric>> factories, CostOptions? cost) => (_factories, Cost) = (factories, cost);

    /// <summary>How each cell's cost is stated; null where it wasn't asked for.</summary>
    public CostOptions? Cost { get; }

    /// <summary>Fresh metrics, in the order in which they were asked for: one set a cell.</summary>
    /// <param name="bootstrap">How intervals are found; null for none.</param>
    public IReadOnlyList<IMetric> Create(BootstrapOptions? bootstrap) => [.. _factories.Select(make => make(bootstrap))];
}
