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
