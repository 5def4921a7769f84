using System.Globalization;
using DiffusionBatch.Contracts.Fields;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Contracts.Strategies;
using DiffusionBatch.Evaluation.Metrics;

namespace DiffusionBatch.Evaluation.Likelihood;

/// <summary>
/// Perplexity of the outputs under a scoring model (generative perplexity), from log-likelihoods that the prediction lines
/// or a file beside them give. Items without text and without a likelihood, and likelihoods over no token, are left out.
/// </summary>
/// <param name="spec">The metric with its settings.</param>
/// <param name="bootstrap">How the interval is found; null for none.</param>
[Strategy("perplexity", "the perplexity that given log-likelihoods make, at least 1", Settings = [nameof(MetricSpec.Likelihoods), nameof(MetricSpec.Aggregation)])]
public sealed class PerplexityMetric(MetricSpec spec, BootstrapOptions? bootstrap) : StatisticsMetric(spec, 2, bootstrap), IFileMetric, IDemandingMetric
{
    readonly string? _likelihoods = spec.Likelihoods;
    readonly PerplexityAggregation _aggregation = spec.Aggregation ?? PerplexityAggregation.Tokens;
    Dictionary<string, ItemLikelihood>? _byId;

    /// <inheritdoc/>
    protected override MetricDirection Better => MetricDirection.Lower;

    /// <inheritdoc/>
    public void Open(string root, string cell)
    {
        if (_likelihoods is not null) _byId = LikelihoodFile.Read(CellFile.Find(root, _likelihoods, cell, ".jsonl"), _likelihoods);
    }

    /// <inheritdoc/>
    public string? Lack(in MetricItem item)
    {
        if (Of(item) is { } known)
        {
            // A file's are checked as they are read.
            if (!double.IsFinite(known.LogLikelihood) || known.LogLikelihood > 0)
                return string.Create(CultureInfo.InvariantCulture, $"has the \"logLikelihood\" {known.LogLikelihood}; expected a number of at most 0");
            return (known.Tokens ?? item.Tokens) switch
            {
                null => "has a log-likelihood without \"tokens\"",
                < 0 and var tokens => string.Create(CultureInfo.InvariantCulture, $"has {tokens} \"tokens\"; expected a whole number of at least 0"),
                _ => null,
            };
        }
        if (item.Hypothesis.Length == 0) return null;
        return _byId is null ? "has no number \"logLikelihood\": give it in the prediction lines, or name a file by \"likelihoods\"" : $"has no line in {_likelihoods}";
    }

    /// <inheritdoc/>
    protected override void Measure(in MetricItem item, Span<double> statistics)
    {
        statistics.Clear();
        if (Lack(item) is { } lack) throw new MetricException([$"item \"{item.Id}\" {lack}."]);
        if (Of(item) is not { } known) return;
        double loss = -known.LogLikelihood, tokens = (known.Tokens ?? item.Tokens)!.Value;
        if (tokens == 0) return;
        // For items of one length the first two are the same; the last is never below the second.
        (statistics[0], statistics[1]) = _aggregation switch
        {
            PerplexityAggregation.Tokens => (loss, tokens),
            PerplexityAggregation.Sequences => (loss / tokens, 1), // as Deschenaux and Gulcehre (2024) take it
            _ => (Math.Exp(loss / tokens), 1), // as Lou et al. (2023) take it
        };
    }

    /// <inheritdoc/>
    protected override void Measure(string hypothesis, IReadOnlyList<string> references, Span<double> statistics) =>
        Measure(new MetricItem("", hypothesis, references), statistics);

    /// <inheritdoc/>
    protected override double Evaluate(ReadOnlySpan<double> sums) =>
        sums[1] == 0 ? double.NaN : _aggregation == PerplexityAggregation.Exponentials ? sums[0] / sums[1] : Math.Exp(sums[0] / sums[1]);

    /// <inheritdoc/>
    protected override string Signature(string references) => $"aggregation:{EnumText.Of(_aggregation)}|base:e";

    ItemLikelihood? Of(in MetricItem item)
    {
        if (_byId is not null) return _byId.TryGetValue(item.Id, out var known) ? known : null;
        return item.LogLikelihood is { } given ? new ItemLikelihood(given, item.Tokens) : null;
    }
}
