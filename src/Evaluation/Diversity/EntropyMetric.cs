using DiffusionBatch.Evaluation.Metrics;

namespace DiffusionBatch.Evaluation.Diversity;

/// <summary>
/// Unigram entropy in nats: of each sequence's own distribution of tokens (counts over its length), averaged over sequences.
/// </summary>
/// <param name="tokenize">13a, intl, char, none or ids.</param>
/// <param name="lowercase">Whether case is ignored.</param>
/// <param name="name">The name in the report.</param>
/// <param name="bootstrap">How the interval is found; null for none.</param>
public sealed class EntropyMetric(string tokenize = "13a", bool lowercase = false, string name = "entropy", BootstrapOptions? bootstrap = null)
    : SequenceMetric(tokenize, lowercase, name, bootstrap)
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
