using System.Globalization;
using DiffusionBatch.Contracts.Fields;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Contracts.Strategies;
using DiffusionBatch.Evaluation.Metrics;
using DiffusionBatch.Evaluation.Text;

namespace DiffusionBatch.Evaluation.Translation;

/// <summary>
/// Corpus BLEU as sacreBLEU computes it, a segment at a time. With several references the clipping count is the highest, the length the
/// closest (the shorter of two as close).
/// </summary>
[Strategy("bleu", "BLEU as sacreBLEU computes it, 0 to 100",
    Settings = ["tokenize=13a|intl|char|none|zh", nameof(MetricSpec.SmoothMethod), nameof(MetricSpec.SmoothValue),
    nameof(MetricSpec.Lowercase), nameof(MetricSpec.EffectiveOrder), nameof(MetricSpec.References)])]
public sealed class BleuMetric : StatisticsMetric
{
    /// <summary>Words between looks at cancellation.</summary>
    const int Patience = 4096;

    readonly BleuFormula _formula;
    readonly bool _lowercase;
    readonly SegmentTokenizer _tokenizer;
    readonly CharBuffer _lower = new();
    readonly WordIds _words = new();
    readonly NgramTrie _trie = new();
    readonly List<int> _hypothesis = [];
    readonly List<int> _reference = [];
    readonly List<int> _touched = [];

    /// <param name="spec">The metric with its settings.</param>
    /// <param name="bootstrap">How the interval is found; null for none.</param>
    public BleuMetric(MetricSpec spec, BootstrapOptions? bootstrap) : base(spec, BleuFormula.Width, bootstrap)
    {
        _formula = new BleuFormula(spec);
        _lowercase = spec.Lowercase == true;
        _tokenizer = SegmentTokenizer.Create(spec.Tokenize);
    }

    /// <summary>The score so far with what it is made of.</summary>
    public BleuScore Details()
    {
        var precisions = new double[BleuFormula.Order];
        double score = _formula.Score(Sums, precisions);
        long[] sums = Array.ConvertAll(Sums.ToArray(), s => (long)s);
        return new BleuScore(score, Score().Signature, sums[2..6], sums[6..10], precisions, BleuFormula.BrevityPenalty(Sums[0], Sums[1]),
            sums[0], sums[1]);
    }

    /// <inheritdoc/>
    protected override void Measure(string hypothesis, IReadOnlyList<string> references, Span<double> statistics)
    {
        statistics.Clear();
        _words.Begin();
        _trie.Clear();
        Tokens(hypothesis, _hypothesis);
        int closest = -1;
        for (int k = 0; k < references.Count; k++)
        {
            Tokens(references[k], _reference);
            int length = _reference.Count, further = Math.Abs(length - _hypothesis.Count) - Math.Abs(closest - _hypothesis.Count);
            if (closest < 0 || further < 0 || (further == 0 && length < closest)) closest = length;
            RaiseClips();
        }
        statistics[0] = _hypothesis.Count;
        statistics[1] = closest;
        CountMatches(statistics.Slice(2, BleuFormula.Order));
        for (int n = 0; n < BleuFormula.Order; n++) statistics[2 + BleuFormula.Order + n] = Math.Max(0, _hypothesis.Count - n);
    }

    /// <inheritdoc/>
    protected override double Evaluate(ReadOnlySpan<double> sums) => _formula.Score(sums, stackalloc double[BleuFormula.Order]);

    /// <inheritdoc/>
    protected override string Signature(string references) =>
        $"nrefs:{references}|case:{(_lowercase ? "lc" : "mixed")}|eff:{(_formula.EffectiveOrder ? "yes" : "no")}|tok:"
            + $"{_tokenizer.Name}|smooth:{_formula.Smoothing}|version:{SacreBleu.Version}";

    void Tokens(string segment, List<int> tokens)
    {
        tokens.Clear();
        var text = _lowercase ? PythonText.Lower(segment, _lower) : segment;
        _words.Split(_tokenizer.Tokenize(PythonText.TrimEnd(text)), tokens);
    }

    /// <summary>Each n-gram's first counter becomes at least its count in this reference.</summary>
    void RaiseClips()
    {
        _touched.Clear();
        for (int start = 0; start < _reference.Count; start++)
        {
            if (start % Patience == 0) Cancellation.ThrowIfCancellationRequested();
            int node = NgramTrie.Root;
            for (int i = start; i < Math.Min(start + BleuFormula.Order, _reference.Count); i++)
            {
                node = _trie.Child(node, _reference[i]);
                if (_trie.Second(node)++ == 0) _touched.Add(node);
            }
        }
        foreach (int node in _touched)
        {
            _trie.First(node) = Math.Max(_trie.First(node), _trie.Second(node));
            _trie.Second(node) = 0;
        }
    }

    /// <summary>Each of the hypothesis' n-grams is a match while its clip lasts.</summary>
    void CountMatches(Span<double> matches)
    {
        for (int start = 0; start < _hypothesis.Count; start++)
        {
            if (start % Patience == 0) Cancellation.ThrowIfCancellationRequested();
            int node = NgramTrie.Root;
            for (int n = 0; n < BleuFormula.Order && start + n < _hypothesis.Count; n++)
            {
                if (_trie.Find(node, _hypothesis[start + n]) is not { } child) break;
                node = child;
                if (_trie.First(node) <= 0) continue;
                _trie.First(node)--;
                matches[n]++;
            }
        }
    }
}

/// <summary>A BLEU score with what it is made of.</summary>
/// <param name="Score">0 to 100.</param>
/// <param name="Signature">sacreBLEU's signature.</param>
/// <param name="Counts">Clipped matches of orders 1 to 4.</param>
/// <param name="Totals">The hypotheses' n-grams of orders 1 to 4.</param>
/// <param name="Precisions">Smoothed precisions of orders 1 to 4, 0 to 100.</param>
/// <param name="BrevityPenalty">exp(1 - r/c) where the system's output is shorter than the references, otherwise 1.</param>
/// <param name="SystemLength">c: the hypotheses' tokens.</param>
/// <param name="ReferenceLength">r: the tokens of the references closest in length.</param>
public sealed record BleuScore(
    double Score, string Signature, IReadOnlyList<long> Counts, IReadOnlyList<long> Totals, IReadOnlyList<double> Precisions,
    double BrevityPenalty, long SystemLength, long ReferenceLength);

/// <summary>
/// BLEU from counts (Papineni et al. 2002), with sacreBLEU's smoothing (Chen and Cherry 2014) and its treatment of empty orders.
/// </summary>
internal sealed class BleuFormula(MetricSpec spec)
{
    public const int Order = 4;

    /// <summary>The numbers per segment: c, r, four matches, four totals.</summary>
    public const int Width = 2 + 2 * Order;

    /// <summary>What stands for log 0.</summary>
    const double LogOfZero = -9999999999;

    const double UsualFloor = 0.1, UsualK = 1;

    readonly BleuSmoothing _method = spec.SmoothMethod ?? BleuSmoothing.Exp;
    readonly double _value = spec.SmoothValue ?? (spec.SmoothMethod == BleuSmoothing.Floor ? UsualFloor : UsualK);

    /// <summary>Whether orders longer than the segment are left out.</summary>
    public bool EffectiveOrder { get; } = spec.EffectiveOrder == true;

    /// <summary>The smoothing as sacreBLEU's signature gives it.</summary>
    public string Smoothing => _method is BleuSmoothing.Floor or BleuSmoothing.AddK
        ? string.Create(CultureInfo.InvariantCulture, $"{EnumText.Of(_method)}[{_value:F2}]")
        : EnumText.Of(_method);

    /// <summary>exp(1 - r/c) for c under r.</summary>
    public static double BrevityPenalty(double c, double r) => c >= r ? 1 : c > 0 ? Math.Exp(1 - r / c) : 0;

    /// <summary>The score, 0 to 100.</summary>
    /// <param name="sums">c, r, matches, totals.</param>
    /// <param name="precisions">Receives the four precisions, 0 to 100.</param>
    public double Score(ReadOnlySpan<double> sums, Span<double> precisions)
    {
        precisions.Clear();
        var matches = sums.Slice(2, Order);
        var totals = sums.Slice(2 + Order, Order);
        if (!matches.ContainsAnyExcept(0.0)) return 0;
        double divisor = 1;
        int order = Order;
        for (int n = 0; n < Order; n++)
        {
            double added = _method == BleuSmoothing.AddK && n > 0 ? _value : 0;
            double match = matches[n] + added, total = totals[n] + added;
            if (total == 0) break;
            if (EffectiveOrder) order = n + 1;
            if (match != 0) precisions[n] = 100 * match / total;
            else if (_method == BleuSmoothing.Exp) precisions[n] = 100 / ((divisor *= 2) * total);
            else if (_method == BleuSmoothing.Floor) precisions[n] = 100 * _value / total;
        }
        double logs = 0;
        foreach (double precision in precisions[..order]) logs += precision == 0 ? LogOfZero : Math.Log(precision);
        return BrevityPenalty(sums[0], sums[1]) * Math.Exp(logs / order);
    }
}

/// <summary>BLEU of what is in memory; <see cref="BleuMetric"/> takes segments one at a time.</summary>
public static class Bleu
{
    /// <summary>Corpus BLEU with one reference a segment.</summary>
    /// <exception cref="ArgumentException">There are more of the ones than of the others.</exception>
    public static BleuScore Corpus(IEnumerable<string> hypotheses, IEnumerable<string> references, MetricSpec? spec = null) =>
        Corpus(hypotheses, references.Select(r => (IReadOnlyList<string>)[r]), spec);

    /// <summary>Corpus BLEU with several references a segment.</summary>
    /// <exception cref="ArgumentException">There are more of the ones than of the others, or a segment has no reference.</exception>
    public static BleuScore Corpus(IEnumerable<string> hypotheses, IEnumerable<IReadOnlyList<string>> references, MetricSpec? spec = null)
    {
        var metric = new BleuMetric(spec ?? new MetricSpec { Name = "bleu" }, null);
        foreach (var (hypothesis, reference) in Segments.Pair(hypotheses, references)) metric.Add(hypothesis, reference);
        return metric.Details();
    }

    /// <summary>BLEU of one segment; effective order is what one wants here.</summary>
    public static BleuScore Sentence(string hypothesis, IReadOnlyList<string> references, MetricSpec? spec = null) =>
        Corpus([hypothesis], [references], spec ?? new MetricSpec { Name = "bleu", EffectiveOrder = true });
}

/// <summary>The release of sacreBLEU whose scores and signatures BLEU, chrF and TER reproduce.</summary>
internal static class SacreBleu
{
    public const string Version = "2.6.0";
}
