using DiffusionBatch.Contracts.Fields;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Contracts.Strategies;
using DiffusionBatch.Evaluation.Metrics;
using DiffusionBatch.Evaluation.Text;

namespace DiffusionBatch.Evaluation.Matching;

/// <summary>
/// The share of outputs, 0 to 100, whose last number is a reference's last number: how GSM8K and MGSM are scored. Values are
/// compared, so "1,200", "1200" and "1200.0" are one. A reference without a number is matched by the same text alone.
/// </summary>
/// <param name="spec">The metric with its settings.</param>
/// <param name="bootstrap">How the interval is found; null for none.</param>
[Strategy("lastNumber", "the share of texts whose last number is the reference's, 0 to 100",
    Settings = ["extract=reader|lm-eval-strict|lm-eval-flexible", nameof(MetricSpec.References)])]
public sealed class LastNumberMetric(MetricSpec spec, BootstrapOptions? bootstrap) : MeanMetric(spec, bootstrap)
{
    // As a reader finds the number, or by one of a harness' rules (HarnessAnswers).
    readonly AnswerExtraction _extract = spec.Extract ?? AnswerExtraction.Reader;
    readonly CharBuffer _plain = new();
    readonly CharBuffer _hypothesis = new();
    readonly CharBuffer _reference = new();

    /// <inheritdoc/>
    protected override double Of(string hypothesis, IReadOnlyList<string> references)
    {
        if (_extract != AnswerExtraction.Reader) return HarnessAnswers.IsNumber(_extract, hypothesis, references) ? 1 : 0;
        var answer = LastNumber.In(hypothesis, _plain, _hypothesis);
        for (int k = 0; k < references.Count; k++)
        {
            var wanted = LastNumber.In(references[k], _plain, _reference);
            if (wanted.IsEmpty ? PythonText.Trim(hypothesis).SequenceEqual(PythonText.Trim(references[k])) : wanted.SequenceEqual(answer))
                return 1;
        }
        return 0;
    }

    /// <inheritdoc/>
    protected override string Signature(string references) =>
        $"nrefs:{references}|match:{(_extract == AnswerExtraction.Reader ? "last-number" : EnumText.Of(_extract))}";
}
