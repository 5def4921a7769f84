using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Contracts.Strategies;
using DiffusionBatch.Evaluation.Metrics;
using DiffusionBatch.Evaluation.Text;

namespace DiffusionBatch.Evaluation.Matching;

/// <summary>The share of outputs, 0 to 100, that equal a reference character by character.</summary>
/// <param name="spec">The metric with its settings.</param>
/// <param name="bootstrap">How the interval is found; null for none.</param>
[Strategy("exactMatch", "the share of texts equal to a reference, 0 to 100",
    Settings = [nameof(MetricSpec.Lowercase), nameof(MetricSpec.References)])]
public sealed class ExactMatchMetric(MetricSpec spec, BootstrapOptions? bootstrap) : MeanMetric(spec, bootstrap)
{
    readonly bool _lowercase = spec.Lowercase == true;
    readonly CharBuffer _hypothesis = new();
    readonly CharBuffer _reference = new();

    /// <inheritdoc/>
    protected override double Of(string hypothesis, IReadOnlyList<string> references)
    {
        var wanted = _lowercase ? PythonText.Lower(hypothesis, _hypothesis) : hypothesis;
        for (int k = 0; k < references.Count; k++)
            if (wanted.SequenceEqual(_lowercase ? PythonText.Lower(references[k], _reference) : references[k])) return 1;
        return 0;
    }

    /// <inheritdoc/>
    protected override string Signature(string references) => $"nrefs:{references}|case:{(_lowercase ? "lc" : "mixed")}";
}
