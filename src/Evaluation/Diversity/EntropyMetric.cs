using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Contracts.Strategies;
using DiffusionBatch.Evaluation.Metrics;

namespace DiffusionBatch.Evaluation.Diversity;

/// <summary>
/// Unigram entropy in nats: of each sequence's own distribution of tokens (counts over its length), averaged over sequences.
/// </summary>
/// <param name="spec">The metric with its settings.</param>
/// <param name="bootstrap">How the interval is found; null for none.</param>
[Strategy("entropy", "the entropy of each text's words, in nats, averaged over texts",
    Settings = [TokenSource.Choices, nameof(MetricSpec.Lowercase)])]
public sealed class EntropyMetric(MetricSpec spec, BootstrapOptions? bootstrap) : SequenceMetric(spec, bootstrap)
{
    readonly Occurrences _counts = new();
    readonly List<int> _types = [];

    /// <inheritdoc/>
    protected override string Options => "base:e";

    /// <inheritdoc/>
    protected override double Of(ReadOnlySpan<int> tokens)
    {
        _counts.Begin();
        _types.Clear();
        foreach (int token in tokens)
        {
            ref int count = ref _counts.Of(token, out bool known);
            if (!known) _types.Add(token);
            count++;
        }
        // H = -sum c/n ln(c/n), over types in the order of their first token.
        double entropy = 0, n = tokens.Length;
        foreach (int type in _types)
        {
            double share = _counts.Of(type, out _) / n;
            entropy -= share * Math.Log(share);
        }
        return Math.Max(0, entropy);
    }
}
