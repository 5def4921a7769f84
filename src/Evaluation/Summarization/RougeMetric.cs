using System.Globalization;
using System.Text;
using DiffusionBatch.Contracts.Fields;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Contracts.Strategies;
using DiffusionBatch.Evaluation.Metrics;

namespace DiffusionBatch.Evaluation.Summarization;

/// <summary>
/// ROUGE (Lin 2004) as the rouge_score package computes it, a segment at a time: the mean of the segments' F. With several
/// references the one with the highest F counts, the first of equals.
/// </summary>
[Strategy("rouge1", "the mean F of shared words as rouge_score computes it, 0 to 100",
    Settings = [Words, nameof(MetricSpec.Stemmer), nameof(MetricSpec.References)])]
[Strategy("rouge2", "the mean F of shared pairs of words as rouge_score computes it, 0 to 100",
    Settings = [Words, nameof(MetricSpec.Stemmer), nameof(MetricSpec.References)])]
[Strategy("rougeL", "the mean F of longest common subsequences as rouge_score computes it, 0 to 100",
    Settings = [Words, nameof(MetricSpec.Stemmer), nameof(MetricSpec.References)])]
[Strategy("rougeLsum", "the mean F of longest common subsequences line by line, as rouge_score computes it, 0 to 100",
    Settings = [Words, nameof(MetricSpec.Stemmer), nameof(MetricSpec.References)])]
public sealed class RougeMetric : StatisticsMetric, INotingMetric
{
    const string Words = "tokenize=unicode"; // rouge_score's own where it isn't given

    readonly RougeVariant _variant;
    readonly bool _stemmer;
    readonly bool _unicode;
    readonly RougeWords _words;
    readonly RougeMatches _matches = new();
    readonly RougeText _hypothesis = new();
    readonly RougeText _reference = new();
    long _wordless; // items with letters or digits in references none of which has a word

    /// <param name="spec">The metric with its settings.</param>
    /// <param name="bootstrap">How the interval is found; null for none.</param>
    /// <exception cref="ArgumentException">The name is no variant's.</exception>
    public RougeMetric(MetricSpec spec, BootstrapOptions? bootstrap) : base(spec, 5, bootstrap)
    {
        _variant = EnumText.Parse<RougeVariant>(spec.Name)
            ?? throw new ArgumentException($"\"{spec.Name}\" is no variant of ROUGE.", nameof(spec));
        (_stemmer, _unicode) = (spec.Stemmer == true, spec.Tokenize == BleuTokenization.Unicode);
        _words = new RougeWords(_stemmer, _unicode);
    }

    /// <summary>The score so far with precision and recall.</summary>
    public RougeScore Details() => new(Mean(Sums, 0), Mean(Sums, 1), Mean(Sums, 2), Score().Signature);

    /// <inheritdoc/>
    public IEnumerable<string> Notes() => _wordless == 0 ? [] :
        [string.Create(CultureInfo.InvariantCulture,
            $"{Name}: {_wordless} item{(_wordless == 1 ? "" : "s")} with references without a letter of a-z or a digit of 0-9, which "
                + $"score 0 even against themselves, as in rouge_score; \"tokenize\": \"unicode\" counts the words of all scripts")];

    // Numbers: precision, recall, F, its square, 1.
    /// <inheritdoc/>
    protected override void Measure(string hypothesis, IReadOnlyList<string> references, Span<double> statistics)
    {
        _words.Begin();
        bool lines = _variant == RougeVariant.RougeLsum;
        _hypothesis.Read(hypothesis, _words, lines);
        double best = -1;
        bool words = false, signs = false;
        for (int k = 0; k < references.Count; k++)
        {
            _reference.Read(references[k], _words, lines);
            words |= _reference.Words.Count > 0;
            signs |= _reference.Words.Count == 0 && HasWords(references[k]);
            int matches = _matches.Count(_variant, _reference, _hypothesis, Cancellation), shorter = _variant == RougeVariant.Rouge2
                ? 1
                : 0;
            double precision = Share(matches, _hypothesis.Words.Count - shorter), recall = Share(matches, _reference.Words.Count - shorter);
            double f = precision + recall > 0 ? 2 * precision * recall / (precision + recall) : 0;
            if (f <= best) continue;
            best = f;
            (statistics[0], statistics[1], statistics[2], statistics[3], statistics[4]) = (precision, recall, f, f * f, 1);
        }
        if (!words && signs) _wordless++;
    }

    /// <inheritdoc/>
    protected override double Evaluate(ReadOnlySpan<double> sums) => Mean(sums, 2);

    /// <inheritdoc/>
    protected override double? Spread(ReadOnlySpan<double> sums) => MeanMetric.Spread(sums[2], sums[3], sums[4]);

    /// <inheritdoc/>
    protected override string Signature(string references) =>
        $"nrefs:{references}|case:lc|tok:{(_unicode ? "unicode" : "rouge_score")}|stem:{(_stemmer ? "yes" : "no")}|agg:mean";

    static double Mean(ReadOnlySpan<double> sums, int of) => sums[4] == 0 ? 0 : 100 * sums[of] / sums[4];

    static bool HasWords(string text)
    {
        foreach (var rune in text.EnumerateRunes())
            if (Rune.IsLetterOrDigit(rune)) return true;
        return false;
    }

    static double Share(int matches, int count) => (double)matches / Math.Max(1, count);
}

/// <summary>What ROUGE counts as a match (Lin 2004); the metrics' names.</summary>
public enum RougeVariant
{
    /// <summary>Words.</summary>
    Rouge1,

    /// <summary>Pairs of neighbouring words.</summary>
    Rouge2,

    /// <summary>The longest common subsequence of the texts.</summary>
    RougeL,

    /// <summary>
    /// Summary level: for each line of the reference, the union of its longest common subsequences with all lines of the output.
    /// </summary>
    RougeLsum,
}

/// <summary>A ROUGE score; a corpus' is the mean over its segments.</summary>
/// <param name="Precision">Matches over the output's words or pairs, 0 to 100.</param>
/// <param name="Recall">Matches over the reference's, 0 to 100.</param>
/// <param name="F">Their harmonic mean, 0 to 100; over a corpus the mean of the segments' F.</param>
/// <param name="Signature">What has to be known to compute it again.</param>
public sealed record RougeScore(double Precision, double Recall, double F, string Signature);

/// <summary>ROUGE of what is in memory; <see cref="RougeMetric"/> takes segments one at a time.</summary>
public static class Rouge
{
    /// <summary>The mean over segments with one reference each.</summary>
    /// <exception cref="ArgumentException">There are more of the ones than of the others.</exception>
    public static RougeScore Corpus(RougeVariant variant, IEnumerable<string> hypotheses, IEnumerable<string> references,
        bool stemmer = false) =>
        Corpus(variant, hypotheses, references.Select(r => (IReadOnlyList<string>)[r]), stemmer);

    /// <summary>The mean over segments with several references each, of which the best counts.</summary>
    /// <exception cref="ArgumentException">There are more of the ones than of the others, or a segment has no reference.</exception>
    public static RougeScore Corpus(RougeVariant variant, IEnumerable<string> hypotheses, IEnumerable<IReadOnlyList<string>> references,
        bool stemmer = false)
    {
        var metric = new RougeMetric(new MetricSpec { Name = EnumText.Of(variant), Stemmer = stemmer }, null);
        foreach (var (hypothesis, reference) in Segments.Pair(hypotheses, references)) metric.Add(hypothesis, reference);
        return metric.Details();
    }

    /// <summary>ROUGE of one segment.</summary>
    public static RougeScore Sentence(RougeVariant variant, string hypothesis, IReadOnlyList<string> references, bool stemmer = false) =>
        Corpus(variant, [hypothesis], [references], stemmer);
}
