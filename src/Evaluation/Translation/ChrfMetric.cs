using System.Globalization;
using DiffusionBatch.Evaluation.Metrics;
using DiffusionBatch.Evaluation.Text;

namespace DiffusionBatch.Evaluation.Translation;

/// <summary>
/// Corpus chrF (Popović 2015, 2017) as sacreBLEU computes it, a segment at a time. With several references the one that
/// scores best for its segment counts, the first of equals.
/// </summary>
public sealed class ChrfMetric : StatisticsMetric
{
    /// <summary>What stands for an undefined precision or recall under <see cref="ChrfOptions.EpsSmoothing"/>.</summary>
    const double Epsilon = 1e-16;

    /// <summary>Characters between looks at cancellation.</summary>
    const int Patience = 4096;

    readonly ChrfOptions _options;
    readonly WordIds _words = new();
    readonly NgramTrie _trie = new();
    readonly ChrfText _hypothesis = new();
    readonly ChrfText _reference = new();
    readonly double[] _candidate;

    /// <param name="options">chrF's options.</param>
    /// <param name="name">The name in the report.</param>
    /// <param name="bootstrap">How the interval is found; null for none.</param>
    /// <exception cref="ArgumentOutOfRangeException">An order is negative, or both are 0.</exception>
    public ChrfMetric(ChrfOptions options, string name = "chrf", BootstrapOptions? bootstrap = null) : base(name, Width(options), bootstrap)
    {
        _options = options;
        _candidate = new double[Width(options)];
    }

    /// <summary>Per order: the hypothesis' n-grams, the reference's, those that match.</summary>
    static int Width(ChrfOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfNegative(options.WordOrder);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.CharOrder, options.WordOrder > 0 ? 0 : 1);
        return 3 * (options.CharOrder + options.WordOrder);
    }

    /// <inheritdoc/>
    protected override void Measure(string hypothesis, IReadOnlyList<string> references, Span<double> statistics)
    {
        _words.Begin();
        _hypothesis.Read(hypothesis, _options, _words);
        double best = -1;
        foreach (string reference in references)
        {
            _reference.Read(reference, _options, _words);
            Compare(_hypothesis.Characters, _reference.Characters, _candidate.AsSpan(0, 3 * _options.CharOrder));
            Compare(_hypothesis.Words, _reference.Words, _candidate.AsSpan(3 * _options.CharOrder));
            double score = Evaluate(_candidate);
            if (score <= best) continue;
            best = score;
            _candidate.CopyTo(statistics);
        }
    }

    /// <inheritdoc/>
    protected override double Evaluate(ReadOnlySpan<double> sums)
    {
        double factor = _options.Beta * _options.Beta, smoothed = 0, precisions = 0, recalls = 0;
        int orders = 0;
        for (int i = 0; i < sums.Length; i += 3)
        {
            var (hypothesis, reference, match) = (sums[i], sums[i + 1], sums[i + 2]);
            double precision = hypothesis > 0 ? match / hypothesis : Epsilon, recall = reference > 0 ? match / reference : Epsilon;
            double divisor = factor * precision + recall;
            smoothed += divisor > 0 ? (1 + factor) * precision * recall / divisor : Epsilon;
            if (hypothesis <= 0 || reference <= 0) continue;
            precisions += precision;
            recalls += recall;
            orders++;
        }
        if (_options.EpsSmoothing) return 100 * smoothed / (sums.Length / 3);
        if (precisions + recalls == 0) return 0;
        precisions /= orders;
        recalls /= orders;
        return 100 * ((1 + factor) * precisions * recalls / (factor * precisions + recalls));
    }

    /// <inheritdoc/>
    protected override string Signature(string references) => string.Create(CultureInfo.InvariantCulture,
        $"nrefs:{references}|case:{(_options.Lowercase ? "lc" : "mixed")}|eff:{(_options.EpsSmoothing ? "no" : "yes")}|nc:{_options.CharOrder}|nw:{_options.WordOrder}|space:{(_options.Whitespace ? "yes" : "no")}|version:{SacreBleu.Version}");

    void Compare(List<int> hypothesis, List<int> reference, Span<double> statistics)
    {
        int orders = statistics.Length / 3;
        _trie.Clear();
        for (int start = 0; start < reference.Count; start++)
        {
            if (start % Patience == 0) Cancellation.ThrowIfCancellationRequested();
            int node = NgramTrie.Root;
            for (int n = 0; n < orders && start + n < reference.Count; n++) _trie.First(node = _trie.Child(node, reference[start + n]))++;
        }
        for (int n = 0; n < orders; n++)
        {
            int of = Math.Max(0, reference.Count - n);
            // An order that the reference lacks is not held against the hypothesis.
            statistics[3 * n] = of > 0 ? Math.Max(0, hypothesis.Count - n) : 0;
            statistics[3 * n + 1] = of;
            statistics[3 * n + 2] = 0;
        }
        for (int start = 0; start < hypothesis.Count; start++)
        {
            if (start % Patience == 0) Cancellation.ThrowIfCancellationRequested();
            int node = NgramTrie.Root;
            for (int n = 0; n < orders && start + n < hypothesis.Count; n++)
            {
                if (_trie.Find(node, hypothesis[start + n]) is not { } child) break;
                node = child;
                if (_trie.First(node) <= 0) continue;
                _trie.First(node)--;
                statistics[3 * n + 2]++;
            }
        }
    }
}

/// <summary>A chrF score.</summary>
/// <param name="Score">0 to 100.</param>
/// <param name="Signature">sacreBLEU's signature.</param>
public sealed record ChrfScore(double Score, string Signature);

/// <summary>A segment as chrF sees it; its lists are used again for the next one.</summary>
internal sealed class ChrfText
{
    readonly CharBuffer _lower = new();

    /// <summary>Unicode scalar values.</summary>
    public List<int> Characters { get; } = [];

    /// <summary>Ids of words, a sign at a word's end (else at its start) being a word of its own; empty without word n-grams.</summary>
    public List<int> Words { get; } = [];

    public void Read(string segment, ChrfOptions options, WordIds ids)
    {
        var text = options.Lowercase ? PythonText.Lower(segment, _lower) : segment;
        Characters.Clear();
        foreach (var rune in text.EnumerateRunes())
            if (options.Whitespace || !(rune.IsBmp && PythonText.IsSpace((char)rune.Value))) Characters.Add(rune.Value);

        Words.Clear();
        if (options.WordOrder == 0) return;
        int position = 0;
        while (PythonText.NextWord(text, ref position, out var word))
        {
            int cut = Length(word) == 1 ? 0 : IsSign(word[^1]) ? word.Length - 1 : IsSign(word[0]) ? 1 : 0;
            if (cut > 0) Words.Add(ids.Of(word[..cut]));
            Words.Add(ids.Of(word[cut..]));
        }
    }

    /// <summary>Whether Python sees one character or more.</summary>
    static int Length(ReadOnlySpan<char> word) => word.Length == 2 && char.IsHighSurrogate(word[0]) ? 1 : word.Length;

    static bool IsSign(char c) => c < 128 && (char.IsPunctuation(c) || char.IsSymbol(c));
}

/// <summary>chrF of what is in memory; <see cref="ChrfMetric"/> takes segments one at a time.</summary>
public static class Chrf
{
    /// <summary>Corpus chrF with one reference a segment.</summary>
    /// <exception cref="ArgumentException">There are more of the ones than of the others.</exception>
    public static ChrfScore Corpus(IEnumerable<string> hypotheses, IEnumerable<string> references, ChrfOptions? options = null) =>
        Corpus(hypotheses, references.Select(r => (IReadOnlyList<string>)[r]), options);

    /// <summary>Corpus chrF with several references a segment.</summary>
    /// <exception cref="ArgumentException">There are more of the ones than of the others, or a segment has no reference.</exception>
    public static ChrfScore Corpus(IEnumerable<string> hypotheses, IEnumerable<IReadOnlyList<string>> references, ChrfOptions? options = null)
    {
        var metric = new ChrfMetric(options ?? new ChrfOptions());
        foreach (var (hypothesis, reference) in Segments.Pair(hypotheses, references)) metric.Add(hypothesis, reference);
        var score = metric.Score();
        return new ChrfScore(score.Score, score.Signature);
    }

    /// <summary>chrF of one segment.</summary>
    public static ChrfScore Sentence(string hypothesis, IReadOnlyList<string> references, ChrfOptions? options = null) =>
        Corpus([hypothesis], [references], options);
}
