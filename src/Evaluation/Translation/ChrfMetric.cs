using System.Globalization;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Contracts.Strategies;
using DiffusionBatch.Evaluation.Metrics;
using DiffusionBatch.Evaluation.Text;

namespace DiffusionBatch.Evaluation.Translation;

/// <summary>
/// Corpus chrF (Popović 2015, 2017) as sacreBLEU computes it, a segment at a time. With several references the one that
/// scores best for its segment counts, the first of equals.
/// </summary>
[Strategy("chrf", "chrF as sacreBLEU computes it, 0 to 100",
    Settings = [nameof(MetricSpec.CharOrder), nameof(MetricSpec.WordOrder), nameof(MetricSpec.Beta),
    nameof(MetricSpec.Lowercase), nameof(MetricSpec.Whitespace), nameof(MetricSpec.EpsSmoothing), nameof(MetricSpec.References)])]
[Strategy(PlusPlus, "chrF with words of order up to 2, 0 to 100",
    Settings = [nameof(MetricSpec.CharOrder), nameof(MetricSpec.WordOrder), nameof(MetricSpec.Beta),
    nameof(MetricSpec.Lowercase), nameof(MetricSpec.Whitespace), nameof(MetricSpec.EpsSmoothing), nameof(MetricSpec.References)])]
public sealed class ChrfMetric : StatisticsMetric
{
    const string PlusPlus = "chrf++";

    const int UsualCharOrder = 6, WordOrderOfPlusPlus = 2;

    const double UsualBeta = 2;

    /// <summary>What stands for an undefined precision or recall under <see cref="MetricSpec.EpsSmoothing"/>.</summary>
    const double Epsilon = 1e-16;

    /// <summary>Characters between looks at cancellation.</summary>
    const int Patience = 4096;

    readonly int _charOrder, _wordOrder;
    readonly double _beta;
    readonly bool _lowercase, _whitespace;
    readonly bool _epsilons; // every order counts, with a tiny number in place of what is undefined, as in chrF++.py
    readonly WordIds _words = new();
    readonly NgramTrie _trie = new();
    readonly CharBuffer _lower = new();
    readonly ChrfText _hypothesis = new();
    readonly ChrfText _reference = new();
    readonly double[] _candidate;

    /// <param name="spec">The metric with its settings.</param>
    /// <param name="bootstrap">How the interval is found; null for none.</param>
    /// <exception cref="ArgumentOutOfRangeException">An order is negative, or both are 0.</exception>
    public ChrfMetric(MetricSpec spec, BootstrapOptions? bootstrap) : base(spec, Width(spec), bootstrap)
    {
        (_charOrder, _wordOrder) = Orders(spec);
        _beta = spec.Beta ?? UsualBeta;
        (_lowercase, _whitespace, _epsilons) = (spec.Lowercase == true, spec.Whitespace == true, spec.EpsSmoothing == true);
        _candidate = new double[Width(spec)];
    }

    static (int Characters, int Words) Orders(MetricSpec spec) =>
        (spec.CharOrder ?? UsualCharOrder, spec.WordOrder ?? (spec.Name == PlusPlus ? WordOrderOfPlusPlus : 0));

    /// <summary>Per order: the hypothesis' n-grams, the reference's, those that match.</summary>
    static int Width(MetricSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        var (characters, words) = Orders(spec);
        ArgumentOutOfRangeException.ThrowIfNegative(words, nameof(spec));
        ArgumentOutOfRangeException.ThrowIfLessThan(characters, words > 0 ? 0 : 1, nameof(spec));
        return 3 * (characters + words);
    }

    /// <inheritdoc/>
    protected override void Measure(string hypothesis, IReadOnlyList<string> references, Span<double> statistics)
    {
        _words.Begin();
        Read(_hypothesis, hypothesis);
        double best = -1;
        foreach (string reference in references)
        {
            Read(_reference, reference);
            Compare(_hypothesis.Characters, _reference.Characters, _candidate.AsSpan(0, 3 * _charOrder));
            Compare(_hypothesis.Words, _reference.Words, _candidate.AsSpan(3 * _charOrder));
            double score = Evaluate(_candidate);
            if (score <= best) continue;
            best = score;
            _candidate.CopyTo(statistics);
        }
    }

    /// <inheritdoc/>
    protected override double Evaluate(ReadOnlySpan<double> sums)
    {
        double factor = _beta * _beta, smoothed = 0, precisions = 0, recalls = 0;
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
        if (_epsilons) return 100 * smoothed / (sums.Length / 3);
        if (precisions + recalls == 0) return 0;
        precisions /= orders;
        recalls /= orders;
        return 100 * ((1 + factor) * precisions * recalls / (factor * precisions + recalls));
    }

    /// <inheritdoc/>
    protected override string Signature(string references) => string.Create(CultureInfo.InvariantCulture,
        $"nrefs:{references}|case:{(_lowercase ? "lc" : "mixed")}|eff:{(_epsilons ? "no" : "yes")}|nc:{_charOrder}|nw:{_wordOrder}|space:"
            + $"{(_whitespace ? "yes" : "no")}|version:{SacreBleu.Version}");

    void Read(ChrfText text, string segment) =>
        text.Read(_lowercase ? PythonText.Lower(segment, _lower) : segment, _whitespace, _wordOrder > 0 ? _words : null);

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
    /// <summary>Unicode scalar values.</summary>
    public List<int> Characters { get; } = [];

    /// <summary>Ids of words, a sign at a word's end (else at its start) being a word of its own; empty without word n-grams.</summary>
    public List<int> Words { get; } = [];

    /// <summary>Reads a segment.</summary>
    /// <param name="text">The segment.</param>
    /// <param name="whitespace">Whether white space counts among the characters.</param>
    /// <param name="ids">The words' numbers; null without word n-grams.</param>
    public void Read(ReadOnlySpan<char> text, bool whitespace, WordIds? ids)
    {
        Characters.Clear();
        foreach (var rune in text.EnumerateRunes())
            if (whitespace || !(rune.IsBmp && PythonText.IsSpace((char)rune.Value))) Characters.Add(rune.Value);

        Words.Clear();
        if (ids is null) return;
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
    public static ChrfScore Corpus(IEnumerable<string> hypotheses, IEnumerable<string> references, MetricSpec? spec = null) =>
        Corpus(hypotheses, references.Select(r => (IReadOnlyList<string>)[r]), spec);

    /// <summary>Corpus chrF with several references a segment.</summary>
    /// <exception cref="ArgumentException">There are more of the ones than of the others, or a segment has no reference.</exception>
    public static ChrfScore Corpus(IEnumerable<string> hypotheses, IEnumerable<IReadOnlyList<string>> references, MetricSpec? spec = null)
    {
        var metric = new ChrfMetric(spec ?? new MetricSpec { Name = "chrf" }, null);
        foreach (var (hypothesis, reference) in Segments.Pair(hypotheses, references)) metric.Add(hypothesis, reference);
        var score = metric.Score();
        return new ChrfScore(score.Score, score.Signature);
    }

    /// <summary>chrF of one segment.</summary>
    public static ChrfScore Sentence(string hypothesis, IReadOnlyList<string> references, MetricSpec? spec = null) =>
        Corpus([hypothesis], [references], spec);
}
