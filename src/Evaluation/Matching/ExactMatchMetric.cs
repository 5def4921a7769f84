using DiffusionBatch.Evaluation.Metrics;
using DiffusionBatch.Evaluation.Text;

namespace DiffusionBatch.Evaluation.Matching;

/// <summary>The share of outputs, 0 to 100, that equal a reference character by character.</summary>
/// <param name="lowercase">Whether case is ignored.</param>
/// <param name="name">The name in the report.</param>
/// <param name="bootstrap">How the interval is found; null for none.</param>
public sealed class ExactMatchMetric(bool lowercase = false, string name = "exactMatch", BootstrapOptions? bootstrap = null)
    : StatisticsMetric(name, 2, bootstrap)
{
    /// <inheritdoc/>
    protected override void Measure(string hypothesis, IReadOnlyList<string> references, Span<double> statistics)
    {
        string wanted = Fold(hypothesis);
        statistics[0] = references.Any(r => string.Equals(Fold(r), wanted, StringComparison.Ordinal)) ? 1 : 0;
        statistics[1] = 1;
    }

    /// <inheritdoc/>
    protected override double Evaluate(ReadOnlySpan<double> sums) => sums[1] == 0 ? 0 : 100 * sums[0] / sums[1];

    /// <inheritdoc/>
    protected override string Signature(string references) => $"nrefs:{references}|case:{(lowercase ? "lc" : "mixed")}";

    string Fold(string text) => lowercase ? PythonText.Lower(text) : text;
}
