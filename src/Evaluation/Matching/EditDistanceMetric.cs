using System.Runtime.InteropServices;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Contracts.Strategies;
using DiffusionBatch.Evaluation.Metrics;
using DiffusionBatch.Evaluation.Text;

namespace DiffusionBatch.Evaluation.Matching;

/// <summary>
/// The mean over items of Levenshtein's distance by the length of the longer text, in Unicode scalar values, 0 (equal) to 100
/// (nothing in common); the nearest reference counts.
/// </summary>
/// <param name="spec">The metric with its settings.</param>
/// <param name="bootstrap">How the interval is found; null for none.</param>
[Strategy("editDistance", "the mean edit distance in characters by the longer text's length, 0 (equal) to 100",
    Settings = [nameof(MetricSpec.Lowercase), nameof(MetricSpec.References)])]
public sealed class EditDistanceMetric(MetricSpec spec, BootstrapOptions? bootstrap) : MeanMetric(spec, bootstrap)
{
    readonly bool _lowercase = spec.Lowercase == true;
    readonly EditDistance _distance = new();
    readonly CharBuffer _lower = new();
    readonly List<int> _hypothesis = [];
    readonly List<int> _reference = [];

    /// <inheritdoc/>
    protected override MetricDirection Better => MetricDirection.Lower;

    /// <inheritdoc/>
    protected override double Of(string hypothesis, IReadOnlyList<string> references)
    {
        Read(hypothesis, _hypothesis);
        double least = 1;
        for (int k = 0; k < references.Count && least > 0; k++)
        {
            Read(references[k], _reference);
            int longer = Math.Max(_hypothesis.Count, _reference.Count);
            int distance = _distance.Of(CollectionsMarshal.AsSpan(_hypothesis), CollectionsMarshal.AsSpan(_reference), Cancellation);
            least = Math.Min(least, longer == 0 ? 0 : (double)distance / longer);
        }
        return least;
    }

    /// <inheritdoc/>
    protected override string Signature(string references) =>
        $"nrefs:{references}|case:{(_lowercase ? "lc" : "mixed")}|unit:char|norm:longer";

    void Read(string text, List<int> characters)
    {
        characters.Clear();
        foreach (var rune in (_lowercase ? PythonText.Lower(text, _lower) : text).EnumerateRunes()) characters.Add(rune.Value);
    }
}
