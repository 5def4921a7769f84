namespace DiffusionBatch.Evaluation.Metrics;

/// <summary>Makes a fresh metric, its options being settled.</summary>
/// <param name="label">The name under which the report shows it.</param>
/// <param name="bootstrap">How its interval is found; null for none.</param>
internal delegate IMetric MetricFactory(string label, BootstrapOptions? bootstrap);
