using System.Globalization;
using DiffusionBatch.Contracts.Fields;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Contracts.Strategies;
using DiffusionBatch.Evaluation.Metrics;

namespace DiffusionBatch.Evaluation.Likelihood;

/// <summary>
/// Perplexity of the outputs under a scoring model (generative perplexity): of a model that is asked, or from log-likelihoods that the
/// prediction lines or a file beside them give. The field has three ways of making one number of many texts; the score is one of them, and
/// the others stand beside it. Items without text and without a likelihood, and likelihoods over no token, are left out.
/// </summary>
/// <param name="spec">The metric with its settings.</param>
/// <param name="bootstrap">How the interval is found; null for none.</param>
[Strategy("perplexity", "the perplexity of the texts under a model, or that given log-likelihoods make, at least 1",
    Settings = [nameof(MetricSpec.Likelihoods) + "/" + nameof(MetricSpec.Model), nameof(MetricSpec.Model),
        nameof(MetricSpec.Prompt) + BesideModel,
        nameof(MetricSpec.Estimator) + BesideModel, nameof(MetricSpec.Draws) + BesideModel, nameof(MetricSpec.Aggregation)])]
public sealed class PerplexityMetric(MetricSpec spec, BootstrapOptions? bootstrap)
    : StatisticsMetric(spec, Width, bootstrap), IFileMetric, IDemandingMetric, ILikelihoodMetric
{
    const string BesideModel = "+" + nameof(MetricSpec.Model);
    const int Loss = 0, Tokens = 1, Mean = 2, Exponential = 3, Count = 4, Width = 5;

    readonly string? _likelihoods = spec.Likelihoods;
    readonly PerplexityAggregation _aggregation = spec.Aggregation ?? PerplexityAggregation.Tokens;
    Dictionary<string, ItemLikelihood>? _byId;
    string? _form; // of the model that was asked

    /// <inheritdoc/>
    public MetricSpec Spec { get; } = spec;

    /// <inheritdoc/>
    public LikelihoodTexts Texts => LikelihoodTexts.Predictions;

    /// <inheritdoc/>
    protected override MetricDirection Better => MetricDirection.Lower;

    /// <inheritdoc/>
    public void Open(string root, string cell)
    {
        if (_likelihoods is not null) _byId = LikelihoodFile.Read(CellFile.Find(root, _likelihoods, cell, ".jsonl"), _likelihoods);
    }

    /// <inheritdoc/>
    public void Give(IReadOnlyDictionary<string, TextLikelihood> estimates, string form)
    {
        ArgumentNullException.ThrowIfNull(estimates);
        (_byId, _form) =
            (estimates.ToDictionary(e => e.Key, e => new ItemLikelihood(-e.Value.Nats, e.Value.Tokens), StringComparer.Ordinal), form);
    }

    /// <inheritdoc/>
    public string? Lack(in MetricItem item)
    {
        if (Spec.Model is not null) return null; // what the model has no opinion of is left out
        if (Of(item) is { } known)
        {
            // A file's are checked as they are read.
            if (!double.IsFinite(known.LogLikelihood) || known.LogLikelihood > 0)
                return string.Create(CultureInfo.InvariantCulture,
                    $"has the \"logLikelihood\" {known.LogLikelihood}; expected a number of at most 0");
            return (known.Tokens ?? item.Tokens) switch
            {
                null => "has a log-likelihood without \"tokens\"",
                < 0 and var tokens =>
                    string.Create(CultureInfo.InvariantCulture, $"has {tokens} \"tokens\"; expected a whole number of at least 0"),
                _ => null,
            };
        }
        if (item.Hypothesis.Length == 0) return null;
        return _byId is null ? "has no number \"logLikelihood\": give it in the prediction lines, or name a file by \"likelihoods\" or a "
            + "judge by \"model\"" : $"has no line in {_likelihoods}";
    }

    /// <inheritdoc/>
    protected override void Measure(in MetricItem item, Span<double> statistics)
    {
        statistics.Clear();
        if (Lack(item) is { } lack) throw new MetricException([$"item \"{item.Id}\" {lack}."]);
        if (Of(item) is not { } known) return;
        double loss = -known.LogLikelihood, tokens = (known.Tokens ?? item.Tokens)!.Value;
        if (tokens == 0) return;
        (statistics[Loss], statistics[Tokens], statistics[Mean], statistics[Exponential], statistics[Count]) =
            (loss, tokens, loss / tokens, Math.Exp(loss / tokens), 1);
    }

    /// <inheritdoc/>
    protected override void Measure(string hypothesis, IReadOnlyList<string> references, Span<double> statistics) =>
        Measure(new MetricItem("", hypothesis, references), statistics);

    /// <inheritdoc/>
    protected override double Evaluate(ReadOnlySpan<double> sums) =>
        sums[Count] == 0 ? double.NaN : Of(_aggregation, sums);

    /// <inheritdoc/>
    protected override IReadOnlyList<KeyValuePair<string, double>>? Conventions(ReadOnlySpan<double> sums)
    {
        if (sums[Count] == 0) return null;
        var all = new List<KeyValuePair<string, double>>();
        foreach (var aggregation in Enum.GetValues<PerplexityAggregation>())
            all.Add(KeyValuePair.Create(EnumText.Of(aggregation), Of(aggregation, sums)));
        return all;
    }

    /// <inheritdoc/>
    protected override string Signature(string references) =>
        $"{(_form is null ? "" : _form + "|")}aggregation:{EnumText.Of(_aggregation)}|base:e";

    // For items of one length the first two are the same; the last is never below the second.
    static double Of(PerplexityAggregation aggregation, ReadOnlySpan<double> sums) => aggregation switch
    {
        PerplexityAggregation.Tokens => Math.Exp(sums[Loss] / sums[Tokens]), // as Sahoo et al. (2024) take it
        PerplexityAggregation.Sequences => Math.Exp(sums[Mean] / sums[Count]), // as Deschenaux and Gulcehre (2024) take it
        _ => sums[Exponential] / sums[Count], // as Lou et al. (2023) take it
    };

    ItemLikelihood? Of(in MetricItem item)
    {
        if (_byId is not null) return _byId.TryGetValue(item.Id, out var known) ? known : null;
        return item.LogLikelihood is { } given ? new ItemLikelihood(given, item.Tokens) : null;
    }
}
