using DiffusionBatch.Evaluation.Metrics;
using DiffusionBatch.Evaluation.Text;

namespace DiffusionBatch.Evaluation.Matching;

/// <summary>
/// The share of outputs, 0 to 100, whose last number is a reference's last number: how GSM8K and MGSM are scored. Values are
/// compared, so "1,200", "1200" and "1200.0" are one. A reference without a number is matched by the same text alone.
/// </summary>
/// <param name="extract">How the number is found: as a reader does, or by one of a harness' rules (<see cref="HarnessAnswers"/>).</param>
/// <param name="name">The name in the report.</param>
/// <param name="bootstrap">How the interval is found; null for none.</param>
public sealed class LastNumberMetric(string extract = LastNumberMetric.Reader, string name = "lastNumber", BootstrapOptions? bootstrap = null) : MeanMetric(name, bootstrap)
{
    /// <summary>The name of a reader's rule.</summary>
    public const string Reader = "reader";

    readonly CharBuffer _plain = new();
    readonly CharBuffer _hypothesis = new();
    readonly CharBuffer _reference = new();

    /// <summary>What <c>extract</c> can be.</summary>
    public static IReadOnlyList<string> Rules { get; } = [Reader, HarnessAnswers.Strict, HarnessAnswers.Flexible];

    /// <inheritdoc/>
    protected override double Of(string hypothesis, IReadOnlyList<string> references)
    {
        if (extract != Reader) return HarnessAnswers.IsNumber(extract, hypothesis, references) ? 1 : 0;
        var answer = LastNumber.In(hypothesis, _plain, _hypothesis);
        for (int k = 0; k < references.Count; k++)
        {
            var wanted = LastNumber.In(references[k], _plain, _reference);
            if (wanted.IsEmpty ? PythonText.Trim(hypothesis).SequenceEqual(PythonText.Trim(references[k])) : wanted.SequenceEqual(answer)) return 1;
        }
        return 0;
    }

    /// <inheritdoc/>
    protected override string Signature(string references) => $"nrefs:{references}|match:{(extract == Reader ? "last-number" : extract)}";
}
