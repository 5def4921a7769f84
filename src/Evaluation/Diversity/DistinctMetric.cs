using System.Globalization;
using System.Runtime.InteropServices;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Contracts.Strategies;
using DiffusionBatch.Evaluation.Metrics;
using DiffusionBatch.Evaluation.Text;

namespace DiffusionBatch.Evaluation.Diversity;

/// <summary>
/// Distinct n-grams over all n-grams: of the corpus as a whole, or of each sequence, averaged. For n-grams of 1 and 2 tokens.
/// </summary>
[Strategy(Unigrams, "distinct words by all words, 0 to 1",
    Settings = [TokenSource.Choices, nameof(MetricSpec.Lowercase), nameof(MetricSpec.Level)])]
[Strategy(Bigrams, "distinct pairs of words by all pairs, 0 to 1",
    Settings = [TokenSource.Choices, nameof(MetricSpec.Lowercase), nameof(MetricSpec.Level)])]
public sealed class DistinctMetric : IResampledMetric
{
    const string Unigrams = "distinct1", Bigrams = "distinct2";

    readonly IResampledMetric _counted;

    /// <param name="spec">The metric with its settings.</param>
    /// <param name="bootstrap">How the interval is found; null for none.</param>
    public DistinctMetric(MetricSpec spec, BootstrapOptions? bootstrap)
    {
        ArgumentNullException.ThrowIfNull(spec);
        int order = spec.Name == Bigrams ? 2 : 1;
        _counted = spec.Level == CountingLevel.Sequence
            ? new DistinctInSequences(order, spec, bootstrap)
            : new DistinctInCorpus(order, spec, bootstrap);
    }

    /// <inheritdoc/>
    public string Name => _counted.Name;

    /// <inheritdoc/>
    public void Add(string hypothesis, IReadOnlyList<string> references) => _counted.Add(hypothesis, references);

    /// <inheritdoc/>
    public void Add(in MetricItem item) => _counted.Add(item);

    /// <inheritdoc/>
    public MetricScore Score() => _counted.Score();

    /// <inheritdoc/>
    public SegmentTable? Table() => _counted.Table();

    /// <inheritdoc/>
    public double Evaluate(ReadOnlySpan<double> sums) => _counted.Evaluate(sums);
}

/// <summary>
/// Distinct-n (Li et al. 2016), 0 to 1: the corpus' distinct n-grams over all its n-grams. Memory grows with the distinct
/// n-grams. A corpus drawn with replacement holds fewer of them than the one that it was drawn from, so resampling draws
/// from the segments' jackknife pseudo-values in place of the n-grams.
/// </summary>
internal sealed class DistinctInCorpus : IResampledMetric
{
    const int Shared = -1;

    readonly int _order;
    readonly TokenSource _source;
    readonly BootstrapOptions? _bootstrap;
    readonly NgramNodes _nodes = new();
    readonly List<int> _owners = []; // by n-gram: the only segment that has it, or Shared
    readonly List<(string Id, int Total, int Own)> _segments = []; // each one's n-grams, and the types that no other has
    long _total, _distinct;
    int _count;

    /// <param name="order">n, at least 1.</param>
    /// <param name="spec">The metric with its settings.</param>
    /// <param name="bootstrap">How the interval is found; null for none.</param>
    public DistinctInCorpus(int order, MetricSpec spec, BootstrapOptions? bootstrap)
    {
        _source = new TokenSource(spec);
        (_order, Name, _bootstrap) = (order, spec.Label, bootstrap is { Resamples: > 0 } ? bootstrap : null);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public void Add(string hypothesis, IReadOnlyList<string> references) => Add(new MetricItem("", hypothesis, references));

    /// <inheritdoc/>
    public void Add(in MetricItem item)
    {
        if (item.References.Count == 0) throw new ArgumentException($"Segment {_count + 1} has no reference.", nameof(item));
        var tokens = _source.Tokens(item, lasting: true);
        int all = Math.Max(0, tokens.Length - _order + 1), own = 0;
        for (int start = 0; start < all; start++)
        {
            int gram = _nodes.Of(tokens.Slice(start, _order), out bool known);
            if (!known)
            {
                _owners.Add(_count);
                own++;
                _distinct++;
            }
            else if (_owners[gram] is >= 0 and var owner && owner != _count)
            {
                _owners[gram] = Shared;
                if (_bootstrap is not null) _segments[owner] = _segments[owner] with { Own = _segments[owner].Own - 1 };
            }
        }
        _total += all;
        if (_bootstrap is not null) _segments.Add((item.Id, all, own));
        _count++;
    }

    /// <inheritdoc/>
    public MetricScore Score()
    {
        double score = _total == 0 ? 0 : (double)_distinct / _total;
        var interval = Table() is { } table ? Bootstrap.Interval(table, _bootstrap!, Evaluate) : null;
        return new MetricScore(score, string.Create(CultureInfo.InvariantCulture, $"{_source.Signature}|n:{_order}|level:corpus"),
            interval?.Low, interval?.High)
        {
            Better = MetricDirection.Neither,
        };
    }

    /// <summary>Pseudo-values whose mean is the score: s + (n - 1) (s - s without the segment), less their bias.</summary>
    public SegmentTable? Table()
    {
        if (_bootstrap is null || _segments.Count == 0) return null;
        int n = _segments.Count;
        double score = _total == 0 ? 0 : (double)_distinct / _total, mean = 0;
        var influence = new double[n];
        for (int i = 0; i < n; i++)
        {
            long left = _total - _segments[i].Total;
            influence[i] = left == 0 ? 0 : (n - 1) * (score - (double)(_distinct - _segments[i].Own) / left);
        }
        // Summed by size, so that the order of the segments does not show.
        foreach (double value in influence.Order()) mean += value / n;
        var table = new SegmentTable(2);
        for (int i = 0; i < n; i++) table.Add(_segments[i].Id, [score + influence[i] - mean, 1]);
        return table;
    }

    /// <inheritdoc/>
    public double Evaluate(ReadOnlySpan<double> sums) => sums[1] == 0 ? 0 : sums[0] / sums[1];
}

/// <summary>
/// Distinct n-grams over all n-grams of each sequence, 0 to 1, averaged over sequences; for unigrams the "fraction of unique
/// unigrams" of the third paper's table 4. Sequences shorter than n are left out.
/// </summary>
/// <param name="order">n, at least 1.</param>
/// <param name="spec">The metric with its settings.</param>
/// <param name="bootstrap">How the interval is found; null for none.</param>
internal sealed class DistinctInSequences(int order, MetricSpec spec, BootstrapOptions? bootstrap) : SequenceMetric(spec, bootstrap)
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

/// <summary>
/// Numbers for a corpus' n-grams of one order, from 0 in the order of their first coming; exact, no hashes compared in place of n-grams.
/// </summary>
internal sealed class NgramNodes
{
    readonly Dictionary<long, int> _inner = []; // (prefix, token) -> prefix; prefixes from 0, the empty one is -1
    readonly Dictionary<long, int> _grams = [];

    /// <summary>An n-gram's number.</summary>
    public int Of(ReadOnlySpan<int> tokens, out bool known)
    {
        int prefix = -1;
        for (int k = 0; k < tokens.Length - 1; k++) prefix = Number(_inner, prefix, tokens[k], out _);
        return Number(_grams, prefix, tokens[^1], out known);
    }

    static int Number(Dictionary<long, int> numbers, int prefix, int token, out bool known)
    {
        ref int number = ref CollectionsMarshal.GetValueRefOrAddDefault(numbers, ((long)prefix << 32) | (uint)token, out known);
        return known ? number : number = numbers.Count - 1;
    }
}
