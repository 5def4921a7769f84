using System.Runtime.InteropServices;
using System.Text;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Contracts.Strategies;
using DiffusionBatch.Evaluation.Metrics;
using DiffusionBatch.Evaluation.Text;

namespace DiffusionBatch.Evaluation.Matching;

/// <summary>
/// SQuAD's F1 over words (Rajpurkar et al. 2016), 0 to 100: the mean over items of the harmonic mean of precision and recall of
/// the words that output and reference share, each as often as both have it. Texts are normalised first; the best reference
/// counts; a text without words matches only another.
/// </summary>
/// <param name="spec">The metric with its settings.</param>
/// <param name="bootstrap">How the interval is found; null for none.</param>
[Strategy("tokenF1", "SQuAD's F1 over words, 0 to 100", Settings = [nameof(MetricSpec.References)])]
public sealed class TokenF1Metric(MetricSpec spec, BootstrapOptions? bootstrap) : MeanMetric(spec, bootstrap)
{
    readonly SquadText _text = new();
    readonly WordIds _ids = new();
    readonly NgramTrie _counts = new();
    readonly List<int> _hypothesis = [];
    readonly List<int> _reference = [];

    /// <inheritdoc/>
    protected override double Of(string hypothesis, IReadOnlyList<string> references)
    {
        _ids.Begin();
        Read(hypothesis, _hypothesis);
        double best = 0;
        for (int k = 0; k < references.Count && best < 1; k++)
        {
            Read(references[k], _reference);
            best = Math.Max(best, F1(CollectionsMarshal.AsSpan(_hypothesis), CollectionsMarshal.AsSpan(_reference)));
        }
        return best;
    }

    /// <inheritdoc/>
    protected override string Signature(string references) => $"nrefs:{references}|case:lc|norm:squad";

    double F1(ReadOnlySpan<int> hypothesis, ReadOnlySpan<int> reference)
    {
        if (hypothesis.IsEmpty || reference.IsEmpty) return hypothesis.Length == reference.Length ? 1 : 0;
        _counts.Clear();
        foreach (int word in reference) _counts.First(_counts.Child(NgramTrie.Root, word))++;
        int shared = 0;
        foreach (int word in hypothesis)
        {
            ref int left = ref _counts.First(_counts.Child(NgramTrie.Root, word));
            if (left <= 0) continue;
            left--;
            shared++;
        }
        return 2.0 * shared / (hypothesis.Length + reference.Length);
    }

    void Read(string text, List<int> words)
    {
        words.Clear();
        _ids.Split(_text.Normalize(text), words);
    }
}

/// <summary>
/// SQuAD's normalisation: lower case, no ASCII punctuation, no articles (a, an, the); what is left is split at white space.
/// </summary>
internal sealed class SquadText
{
    readonly CharBuffer _lower = new();
    readonly CharBuffer _text = new();

    /// <summary>The normalised text; valid until the next call.</summary>
    public ReadOnlySpan<char> Normalize(ReadOnlySpan<char> text)
    {
        var lower = PythonText.Lower(text, _lower);
        _text.Clear();
        foreach (char c in lower)
            if (!IsPunctuation(c)) _text.Add(c);
        var rest = _text.Written;
        _lower.Clear();
        // An article is a whole run of letters and digits: "a" in "a–b" too, whatever the sign beside it.
        for (int start = 0; start < rest.Length;)
        {
            int end = start;
            while (end < rest.Length && Letter(rest[end..]) is > 0 and int width) end += width;
            var run = rest[start..end];
            if (run is "a" or "an" or "the") _lower.Add(' ');
            else _lower.Add(run);
            if (end < rest.Length && Letter(rest[end..]) == 0) _lower.Add(rest[end++]);
            start = end;
        }
        return _lower.Written;
    }

    static bool IsPunctuation(char c) => c < 128 && (char.IsPunctuation(c) || char.IsSymbol(c));

    /// <summary>The width of the letter or number that the text begins with; 0 where it begins with something else.</summary>
    static int Letter(ReadOnlySpan<char> text)
    {
        if (char.IsAscii(text[0])) return char.IsAsciiLetterOrDigit(text[0]) ? 1 : 0;
        Rune.DecodeFromUtf16(text, out var rune, out int width);
        return Rune.IsLetter(rune) || Rune.IsNumber(rune) ? width : 0;
    }
}
