using DiffusionBatch.Contracts.Fields;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Contracts.Strategies;
using DiffusionBatch.Evaluation.Metrics;

namespace DiffusionBatch.Evaluation.Likelihood;

/// <summary>
/// A model's negative log-likelihood in nats per token, or the bound above it that diffusion models have: of the references given their
/// prompts, or of the predictions. The interval is over items, whose own draws are part of what differs between them. Items without text
/// are left out.
/// </summary>
/// <param name="spec">The metric with its settings.</param>
/// <param name="bootstrap">How the interval is found; null for none.</param>
[Strategy("likelihood", "a model's negative log-likelihood in nats per token, or the bound above it, and the perplexity that it makes",
    Settings = [nameof(MetricSpec.Model) + "!", nameof(MetricSpec.Prompt), nameof(MetricSpec.Texts), nameof(MetricSpec.Estimator),
        nameof(MetricSpec.Draws), nameof(MetricSpec.Timesteps)])]
public sealed class LikelihoodMetric(MetricSpec spec, BootstrapOptions? bootstrap) : StatisticsMetric(spec, 2, bootstrap), ILikelihoodMetric
{
    IReadOnlyDictionary<string, TextLikelihood>? _estimates;
    string _form = "";

    /// <inheritdoc/>
    public MetricSpec Spec { get; } = spec;

    /// <inheritdoc/>
    public LikelihoodTexts Texts => Spec.Texts ?? LikelihoodTexts.References;

    /// <inheritdoc/>
    protected override MetricDirection Better => MetricDirection.Lower;

    /// <inheritdoc/>
    public void Give(IReadOnlyDictionary<string, TextLikelihood> estimates, string form) => (_estimates, _form) = (estimates, form);

    /// <inheritdoc/>
    protected override void Measure(in MetricItem item, Span<double> statistics)
    {
        if (_estimates is null) throw new InvalidOperationException("The model was not asked.");
        var known = _estimates.GetValueOrDefault(item.Id);
        (statistics[0], statistics[1]) = (known.Nats, known.Tokens);
    }

    /// <inheritdoc/>
    protected override void Measure(string hypothesis, IReadOnlyList<string> references, Span<double> statistics) =>
        Measure(new MetricItem("", hypothesis, references), statistics);

    /// <inheritdoc/>
    protected override double Evaluate(ReadOnlySpan<double> sums) => sums[1] == 0 ? double.NaN : sums[0] / sums[1];

    /// <inheritdoc/>
    protected override double? Perplexity(ReadOnlySpan<double> sums) => sums[1] == 0 ? null : Math.Exp(sums[0] / sums[1]);

    /// <inheritdoc/>
    protected override string Signature(string references) => $"{_form}|texts:{EnumText.Of(Texts)}|unit:nats/token";
}
