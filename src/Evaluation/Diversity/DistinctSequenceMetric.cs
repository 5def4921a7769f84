using System.Globalization;
using DiffusionBatch.Evaluation.Metrics;
using DiffusionBatch.Evaluation.Text;

namespace DiffusionBatch.Evaluation.Diversity;

/// <summary>
/// Distinct n-grams over all n-grams of each sequence, 0 to 1, averaged over sequences; for unigrams the "fraction of unique
/// unigrams" of the third paper's table 4. Sequences shorter than n are left out.
/// </summary>
/// <param name="order">n, at least 1.</param>
/// <param name="tokenize">13a, intl, char, none or ids.</param>
/// <param name="lowercase">Whether case is ignored.</param>
/// <param name="name">The name in the report.</param>
/// <param name="bootstrap">How the interval is found; null for none.</param>
public sealed class DistinctSequenceMetric(int order, string tokenize = "13a", bool lowercase = false, string name = "distinct1", BootstrapOptions? bootstrap = null)
    : SequenceMetric(tokenize, lowercase, name, bootstrap)
{
    readonly NgramTrie _trie = new();

    /// <inheritdoc/>
    protected override string Options => string.Create(CultureInfo.InvariantCulture, $"n:{order}");

    /// <inheritdoc/>
    protected override int Shortest => order;

    /// <inheritdoc/>
    protected override double Of(ReadOnlySpan<int> tokens)
    {
        _trie.Clear();
        int distinct = 0, all = tokens.Length - order + 1;
        for (int start = 0; start < all; start++)
        {
            int node = NgramTrie.Root;
            for (int k = 0; k < order; k++) node = _trie.Child(node, tokens[start + k]);
            if (_trie.First(node)++ == 0) distinct++;
        }
        return (double)distinct / all;
    }
}
