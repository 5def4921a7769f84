using System.Globalization;
using DiffusionBatch.Evaluation.Metrics;
using DiffusionBatch.Evaluation.Text;

namespace DiffusionBatch.Evaluation.Translation;

/// <summary>Corpus BLEU as sacreBLEU computes it, a segment at a time. With several references the clipping count is the highest, the length the closest (the shorter of two as close).</summary>
public sealed class BleuMetric : StatisticsMetric
{
    /// <summary>Words between looks at cancellation.</summary>
    const int Patience = 4096;

    readonly BleuOptions _options;
    readonly SegmentTokenizer _tokenizer;
    readonly CharBuffer _lower = new();
    readonly WordIds _words = new();
    readonly NgramTrie _trie = new();
    readonly List<int> _hypothesis = [];
    readonly List<int> _reference = [];
    readonly List<int> _touched = [];

    /// <param name="options">BLEU's options.</param>
    /// <param name="name">The name in the report.</param>
    /// <param name="bootstrap">How the interval is found; null for none.</param>
    /// <exception cref="ArgumentException">The tokenizer is unknown.</exception>
    public BleuMetric(BleuOptions options, string name = "bleu", BootstrapOptions? bootstrap = null) : base(name, BleuFormula.Width, bootstrap)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _tokenizer = SegmentTokenizer.Create(options.Tokenize);
    }

    /// <summary>The score so far with what it is made of.</summary>
    public BleuScore Details()
    {
        var precisions = new double[BleuFormula.Order];
        double score = BleuFormula.Score(Sums, _options, precisions);
        long[] sums = Array.ConvertAll(Sums.ToArray(), s => (long)s);
        return new BleuScore(score, Score().Signature, sums[2..6], sums[6..10], precisions, BleuFormula.BrevityPenalty(Sums[0], Sums[1]), sums[0], sums[1]);
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
    protected override double Evaluate(ReadOnlySpan<double> sums) => BleuFormula.Score(sums, _options, stackalloc double[BleuFormula.Order]);

    /// <inheritdoc/>
    protected override string Signature(string references) =>
        $"nrefs:{references}|case:{(_options.Lowercase ? "lc" : "mixed")}|eff:{(_options.EffectiveOrder ? "yes" : "no")}|tok:{_tokenizer.Name}|smooth:{Smoothing()}|version:{SacreBleu.Version}";

    string Smoothing()
    {
        string name = _options.SmoothMethod switch { BleuSmoothing.Exp => "exp", BleuSmoothing.Floor => "floor", BleuSmoothing.AddK => "add-k", _ => "none" };
        return BleuFormula.DefaultValue(_options.SmoothMethod) is not { } usual ? name
            : string.Create(CultureInfo.InvariantCulture, $"{name}[{_options.SmoothValue ?? usual:F2}]");
    }

    void Tokens(string segment, List<int> tokens)
    {
        tokens.Clear();
        var text = _options.Lowercase ? PythonText.Lower(segment, _lower) : segment;
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

/// <summary>BLEU from counts (Papineni et al. 2002), with sacreBLEU's smoothing and its treatment of empty orders.</summary>
internal static class BleuFormula
{
    public const int Order = 4;

    /// <summary>The numbers per segment: c, r, four matches, four totals.</summary>
    public const int Width = 2 + 2 * Order;

    /// <summary>What stands for log 0.</summary>
    const double LogOfZero = -9999999999;

    /// <summary>The value that a smoothing has where none is given; null where it has none.</summary>
    public static double? DefaultValue(BleuSmoothing method) => method switch { BleuSmoothing.Floor => 0.1, BleuSmoothing.AddK => 1, _ => null };

    /// <summary>exp(1 - r/c) for c under r.</summary>
    public static double BrevityPenalty(double c, double r) => c >= r ? 1 : c > 0 ? Math.Exp(1 - r / c) : 0;

    /// <summary>The score, 0 to 100.</summary>
    /// <param name="sums">c, r, matches, totals.</param>
    /// <param name="options">Smoothing and effective order.</param>
    /// <param name="precisions">Receives the four precisions, 0 to 100.</param>
    public static double Score(ReadOnlySpan<double> sums, BleuOptions options, Span<double> precisions)
    {
        precisions.Clear();
        var matches = sums.Slice(2, Order);
        var totals = sums.Slice(2 + Order, Order);
        if (!matches.ContainsAnyExcept(0.0)) return 0;
        double value = options.SmoothValue ?? DefaultValue(options.SmoothMethod) ?? 0, divisor = 1;
        int order = Order;
        for (int n = 0; n < Order; n++)
        {
            double added = options.SmoothMethod == BleuSmoothing.AddK && n > 0 ? value : 0;
            double match = matches[n] + added, total = totals[n] + added;
            if (total == 0) break;
            if (options.EffectiveOrder) order = n + 1;
            if (match != 0) precisions[n] = 100 * match / total;
            else if (options.SmoothMethod == BleuSmoothing.Exp) precisions[n] = 100 / ((divisor *= 2) * total);
            else if (options.SmoothMethod == BleuSmoothing.Floor) precisions[n] = 100 * value / total;
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
    public static BleuScore Corpus(IEnumerable<string> hypotheses, IEnumerable<string> references, BleuOptions? options = null) =>
        Corpus(hypotheses, references.Select(r => (IReadOnlyList<string>)[r]), options);

    /// <summary>Corpus BLEU with several references a segment.</summary>
    /// <exception cref="ArgumentException">There are more of the ones than of the others, or a segment has no reference.</exception>
    public static BleuScore Corpus(IEnumerable<string> hypotheses, IEnumerable<IReadOnlyList<string>> references, BleuOptions? options = null)
    {
        var metric = new BleuMetric(options ?? new BleuOptions());
        foreach (var (hypothesis, reference) in Segments.Pair(hypotheses, references)) metric.Add(hypothesis, reference);
        return metric.Details();
    }

    /// <summary>BLEU of one segment; effective order is what one wants here.</summary>
    public static BleuScore Sentence(string hypothesis, IReadOnlyList<string> references, BleuOptions? options = null) =>
        Corpus([hypothesis], [references], options ?? new BleuOptions { EffectiveOrder = true });
}
