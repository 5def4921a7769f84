using DiffusionBatch.Evaluation.Metrics;
using DiffusionBatch.Evaluation.Text;

namespace DiffusionBatch.Evaluation.Matching;

/// <summary>
/// The share of outputs, 0 to 100, that choose a reference's option: the label ("B", "(B)", "B. Paris") that the output gives
/// must be the reference's. A reference without a label is matched by the same text, case, outer white space and a full stop aside.
/// </summary>
/// <param name="extract">How the label is found: as a reader does, or by a harness' rule (<see cref="HarnessAnswers"/>).</param>
/// <param name="name">The name in the report.</param>
/// <param name="bootstrap">How the interval is found; null for none.</param>
public sealed class ChoiceMetric(string extract = LastNumberMetric.Reader, string name = "choice", BootstrapOptions? bootstrap = null) : MeanMetric(name, bootstrap)
{
    readonly CharBuffer _hypothesis = new();
    readonly CharBuffer _reference = new();

    /// <summary>What <c>extract</c> can be.</summary>
    public static IReadOnlyList<string> Rules { get; } = [LastNumberMetric.Reader, HarnessAnswers.Choice];

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
    protected override string Signature(string references) => $"nrefs:{references}|match:{(extract == LastNumberMetric.Reader ? "choice" : extract)}";

    char? Label(string hypothesis, bool digits) => extract == HarnessAnswers.Choice
        ? HarnessAnswers.Label(hypothesis)
        : ChoiceLabel.Find(ChoiceText.Plain(hypothesis, _hypothesis), digits);

    static ReadOnlySpan<char> Plain(string text, CharBuffer buffer)
    {
        var plain = PythonText.Trim(PythonText.Lower(text, buffer));
        return plain.Length > 1 && plain[^1] == '.' ? PythonText.TrimEnd(plain[..^1]) : plain;
    }
}
