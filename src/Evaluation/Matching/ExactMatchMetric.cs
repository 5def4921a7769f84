using DiffusionBatch.Evaluation.Metrics;
using DiffusionBatch.Evaluation.Text;

namespace DiffusionBatch.Evaluation.Matching;

/// <summary>The share of outputs, 0 to 100, that equal a reference character by character.</summary>
/// <param name="lowercase">Whether case is ignored.</param>
/// <param name="name">The name in the report.</param>
/// <param name="bootstrap">How the interval is found; null for none.</param>
public sealed class ExactMatchMetric(bool lowercase = false, string name = "exactMatch", BootstrapOptions? bootstrap = null)
    : MeanMetric(name, bootstrap)
{
    readonly CharBuffer _hypothesis = new();
    readonly CharBuffer _reference = new();

    /// <inheritdoc/>
    protected override double Of(string hypothesis, IReadOnlyList<string> references)
    {
        var wanted = lowercase ? PythonText.Lower(hypothesis, _hypothesis) : hypothesis;
        for (int k = 0; k < references.Count; k++)
            if (wanted.SequenceEqual(lowercase ? PythonText.Lower(references[k], _reference) : references[k])) return 1;
        return 0;
    }

    /// <inheritdoc/>
    protected override string Signature(string references) => $"nrefs:{references}|case:{(lowercase ? "lc" : "mixed")}";
}
