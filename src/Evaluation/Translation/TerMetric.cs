using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Contracts.Strategies;
using DiffusionBatch.Evaluation.Metrics;
using DiffusionBatch.Evaluation.Text;

namespace DiffusionBatch.Evaluation.Translation;

/// <summary>
/// Corpus TER (Snover et al. 2006) as sacreBLEU computes it, a segment at a time: edits over the references' words. With
/// several references the fewest edits count, over the average length.
/// </summary>
[Strategy("ter", "TER as sacreBLEU computes it: 0 is equal, and it may exceed 100",
    Settings = [nameof(MetricSpec.Normalized), nameof(MetricSpec.NoPunct),
    nameof(MetricSpec.AsianSupport), nameof(MetricSpec.CaseSensitive), nameof(MetricSpec.References)])]
public sealed class TerMetric : StatisticsMetric
{
    readonly bool _normalized, _noPunct, _asianSupport, _caseSensitive;
    readonly TercomTokenizer _tokenizer;
    readonly CharBuffer _lower = new();
    readonly WordIds _words = new();
    readonly TerEdits _edits = new();
    readonly List<int> _hypothesis = [];
    readonly List<int> _reference = [];

    /// <param name="spec">The metric with its settings.</param>
    /// <param name="bootstrap">How the interval is found; null for none.</param>
    public TerMetric(MetricSpec spec, BootstrapOptions? bootstrap) : base(spec, 2, bootstrap)
    {
        (_normalized, _noPunct) = (spec.Normalized == true, spec.NoPunct == true);
        (_asianSupport, _caseSensitive) = (spec.AsianSupport == true, spec.CaseSensitive == true);
        _tokenizer = new TercomTokenizer(_normalized, _noPunct, _asianSupport);
    }

    /// <inheritdoc/>
    protected override MetricDirection Better => MetricDirection.Lower;

    /// <summary>The score so far with what it is made of.</summary>
    public TerScore Details() => new(Evaluate(Sums), Score().Signature, (long)Sums[0], Sums[1]);

    /// <inheritdoc/>
    protected override void Measure(string hypothesis, IReadOnlyList<string> references, Span<double> statistics)
    {
        _words.Begin();
        Words(hypothesis, _hypothesis);
        int fewest = int.MaxValue;
        long length = 0;
        for (int k = 0; k < references.Count; k++)
        {
            Words(references[k], _reference);
            fewest = Math.Min(fewest, _edits.Count(_hypothesis, _reference, Cancellation));
            length += _reference.Count;
        }
        statistics[0] = fewest;
        statistics[1] = (double)length / references.Count;
    }

    /// <inheritdoc/>
    protected override double Evaluate(ReadOnlySpan<double> sums) => sums[1] > 0 ? 100 * (sums[0] / sums[1]) : sums[0] > 0 ? 100 : 0;

    /// <inheritdoc/>
    protected override string Signature(string references) =>
        $"nrefs:{references}|case:{(_caseSensitive ? "mixed" : "lc")}|tok:{_tokenizer.Name}|norm:{Word(_normalized)}|punct:"
            + $"{Word(!_noPunct)}|asian:{Word(_asianSupport)}|version:{SacreBleu.Version}";

    static string Word(bool yes) => yes ? "yes" : "no";

    void Words(string segment, List<int> words)
    {
        words.Clear();
        var text = PythonText.TrimEnd(segment);
        _words.Split(_tokenizer.Tokenize(_caseSensitive ? text : PythonText.Lower(text, _lower)), words);
    }
}

/// <summary>A TER score with what it is made of.</summary>
/// <param name="Score">100 times edits over words; 0 is equal, and it may exceed 100.</param>
/// <param name="Signature">sacreBLEU's signature.</param>
/// <param name="Edits">Insertions, deletions, substitutions and shifts to the reference that needs the fewest.</param>
/// <param name="ReferenceLength">Words of the references, averaged over a segment's.</param>
public sealed record TerScore(double Score, string Signature, long Edits, double ReferenceLength);

/// <summary>TER of what is in memory; <see cref="TerMetric"/> takes segments one at a time.</summary>
public static class Ter
{
    /// <summary>Corpus TER with one reference a segment.</summary>
    /// <exception cref="ArgumentException">There are more of the ones than of the others.</exception>
    public static TerScore Corpus(IEnumerable<string> hypotheses, IEnumerable<string> references, MetricSpec? spec = null) =>
        Corpus(hypotheses, references.Select(r => (IReadOnlyList<string>)[r]), spec);

    /// <summary>Corpus TER with several references a segment.</summary>
    /// <exception cref="ArgumentException">There are more of the ones than of the others, or a segment has no reference.</exception>
    public static TerScore Corpus(IEnumerable<string> hypotheses, IEnumerable<IReadOnlyList<string>> references, MetricSpec? spec = null)
    {
        var metric = new TerMetric(spec ?? new MetricSpec { Name = "ter" }, null);
        foreach (var (hypothesis, reference) in Segments.Pair(hypotheses, references)) metric.Add(hypothesis, reference);
        return metric.Details();
    }

    /// <summary>TER of one segment.</summary>
    public static TerScore Sentence(string hypothesis, IReadOnlyList<string> references, MetricSpec? spec = null) =>
        Corpus([hypothesis], [references], spec);
}
