using System.Text;
using DiffusionBatch.Contracts.Fields;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Contracts.Strategies;
using DiffusionBatch.Evaluation.Metrics;

namespace DiffusionBatch.Evaluation.Likelihood;

/// <summary>
/// The share of items, 0 to 100, whose right choice a model finds likelier, given the prompt, than the others, as lm-evaluation-harness
/// scores questions of multiple choice. It says nothing of the predictions. A diffusion model's bound stands for its likelihood (Nie et al.
/// 2025); all choices of an item are noised by the same draws, so that those of one length are compared under the same masks. Of equals the
/// earlier wins.
/// </summary>
/// <param name="spec">The metric with its settings.</param>
/// <param name="bootstrap">How the interval is found; null for none.</param>
[Strategy("choiceLikelihood", "the share of items whose right choice a model finds the likeliest, 0 to 100",
    Settings = [nameof(MetricSpec.Model) + "!",
    nameof(MetricSpec.Prompt), nameof(MetricSpec.Shots), nameof(MetricSpec.MaxPromptTokens), nameof(MetricSpec.Normalize),
    nameof(MetricSpec.Estimator), nameof(MetricSpec.Draws)])]
public sealed class ChoiceLikelihoodMetric(MetricSpec spec, BootstrapOptions? bootstrap)
    : StatisticsMetric(spec, s_all.Length + 1, bootstrap), IChoiceMetric, IDemandingMetric
{
    static readonly ChoiceNormalization[] s_all = Enum.GetValues<ChoiceNormalization>();

    readonly ChoiceNormalization _normalize = spec.Normalize ?? ChoiceNormalization.None;
    IReadOnlyDictionary<string, IReadOnlyList<TextLikelihood>>? _estimates;
    string _form = "";

    /// <inheritdoc/>
    public MetricSpec Spec { get; } = spec;

    /// <inheritdoc/>
    public void Give(IReadOnlyDictionary<string, IReadOnlyList<TextLikelihood>> estimates, string form) =>
        (_estimates, _form) = (estimates, form);

    /// <inheritdoc/>
    public string? Lack(in MetricItem item) =>
        item.Choices.Count < 2 ? "has no \"choices\" in its reference line: a list of at least two texts, of which \"target\" is the "
            + "right one"
        : RightOf(item) < 0 ? $"has the target \"{item.References[0]}\", which is none of its \"choices\"" : null;

    // Numbers: a hit by each normalization, 1.
    /// <inheritdoc/>
    protected override void Measure(in MetricItem item, Span<double> statistics)
    {
        if (_estimates is null) throw new InvalidOperationException("The model was not asked.");
        if (Lack(item) is { } lack) throw new MetricException([$"item \"{item.Id}\" {lack}."]);
        statistics.Clear();
        if (_estimates.GetValueOrDefault(item.Id) is not { } choices) return; // beyond the model's positions
        for (int n = 0; n < s_all.Length; n++) statistics[n] = Likeliest(s_all[n], item.Choices, choices) == RightOf(item) ? 1 : 0;
        statistics[^1] = 1;
    }

    /// <inheritdoc/>
    protected override void Measure(string hypothesis, IReadOnlyList<string> references, Span<double> statistics) =>
        Measure(new MetricItem("", hypothesis, references), statistics);

    /// <inheritdoc/>
    protected override double Evaluate(ReadOnlySpan<double> sums) => Share(sums, _normalize);

    /// <inheritdoc/>
    protected override double? Spread(ReadOnlySpan<double> sums)
    {
        double hits = sums[Array.IndexOf(s_all, _normalize)];
        return MeanMetric.Spread(hits, hits, sums[^1]); // a hit is its own square
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<KeyValuePair<string, double>>? Conventions(ReadOnlySpan<double> sums)
    {
        var all = new List<KeyValuePair<string, double>>();
        foreach (var normalization in s_all) all.Add(KeyValuePair.Create(EnumText.Of(normalization), Share(sums, normalization)));
        return all;
    }

    /// <inheritdoc/>
    protected override string Signature(string references) =>
        $"{_form}|normalize:{EnumText.Of(_normalize)}" + (Spec.Shots is { Count: var shots } ? $"|shots:{shots}" : "");

    static double Share(ReadOnlySpan<double> sums, ChoiceNormalization normalization) =>
        sums[^1] == 0 ? double.NaN : 100 * sums[Array.IndexOf(s_all, normalization)] / sums[^1];

    static int RightOf(in MetricItem item)
    {
        for (int k = 0; k < item.Choices.Count; k++)
            if (item.References.Contains(item.Choices[k], StringComparer.Ordinal)) return k;
        return -1;
    }

    static int Likeliest(ChoiceNormalization normalization, IReadOnlyList<string> texts, IReadOnlyList<TextLikelihood> choices)
    {
        int best = 0;
        for (int k = 1; k < choices.Count; k++)
            if (Loss(k) < Loss(best)) best = k;
        return best;

        double Loss(int k) => choices[k].Nats / normalization switch
        {
            ChoiceNormalization.Tokens => Math.Max(1, choices[k].Tokens),
            ChoiceNormalization.Bytes => Math.Max(1, Encoding.UTF8.GetByteCount(texts[k])),
            _ => 1,
        };
    }
}
