using DiffusionBatch.Contracts.Fields;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Contracts.Strategies;
using DiffusionBatch.Evaluation.Metrics;
using DiffusionBatch.Evaluation.Text;

namespace DiffusionBatch.Evaluation.Matching;

/// <summary>
/// The share of outputs, 0 to 100, that choose a reference's option: the label ("B", "(B)", "B. Paris") that the output gives
/// must be the reference's. A reference without a label is matched by the same text, case, outer white space and a full stop aside.
/// </summary>
/// <param name="spec">The metric with its settings.</param>
/// <param name="bootstrap">How the interval is found; null for none.</param>
[Strategy("choice", "the share of texts that choose the reference's option, 0 to 100",
    Settings = ["extract=reader|lm-eval-mmlu-pro", nameof(MetricSpec.References)])]
public sealed class ChoiceMetric(MetricSpec spec, BootstrapOptions? bootstrap) : MeanMetric(spec, bootstrap)
{
    // As a reader finds the label, or by a harness' rule (HarnessAnswers).
    readonly AnswerExtraction _extract = spec.Extract ?? AnswerExtraction.Reader;
    readonly CharBuffer _hypothesis = new();
    readonly CharBuffer _reference = new();

    /// <inheritdoc/>
    protected override double Of(string hypothesis, IReadOnlyList<string> references)
    {
        for (int k = 0; k < references.Count; k++)
        {
            bool right = ChoiceLabel.Given(ChoiceText.Plain(references[k], _reference)) is { } wanted
                ? Label(hypothesis, char.IsAsciiDigit(wanted)) == wanted
                : Plain(hypothesis, _hypothesis).SequenceEqual(Plain(references[k], _reference));
            if (right) return 1;
        }
        return 0;
    }

    /// <inheritdoc/>
    protected override string Signature(string references) =>
        $"nrefs:{references}|match:{(_extract == AnswerExtraction.Reader ? "choice" : EnumText.Of(_extract))}";

    char? Label(string hypothesis, bool digits) => _extract == AnswerExtraction.LmEvalMmluPro
        ? HarnessAnswers.Label(hypothesis)
        : ChoiceLabel.Find(ChoiceText.Plain(hypothesis, _hypothesis), digits);

    static ReadOnlySpan<char> Plain(string text, CharBuffer buffer)
    {
        var plain = PythonText.Trim(PythonText.Lower(text, buffer));
        return plain.Length > 1 && plain[^1] == '.' ? PythonText.TrimEnd(plain[..^1]) : plain;
    }
}
