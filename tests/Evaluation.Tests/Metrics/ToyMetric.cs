using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Contracts.Strategies;
using DiffusionBatch.Evaluation.Metrics;

namespace DiffusionBatch.Evaluation.Tests.Metrics;

/// <summary>
/// A metric of another assembly: the share of texts, 0 to 100, that are no longer than <c>window</c>. All that it takes is this type.
/// </summary>
[Strategy("brief", "share of texts of at most `window` characters, 0 to 100",
    Settings = [nameof(MetricSpec.Window) + "!", "level=sequence"])]
public sealed class ToyMetric(MetricSpec spec, BootstrapOptions? bootstrap) : MeanMetric(spec, bootstrap)
{
    readonly int _window = spec.Window!.Value;

    /// <inheritdoc/>
    protected override double Of(string hypothesis, IReadOnlyList<string> references) => hypothesis.Length <= _window ? 1 : 0;

    /// <inheritdoc/>
    protected override string Signature(string references) => $"window:{_window}";
}
