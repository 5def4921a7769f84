using System.Globalization;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Contracts.Strategies;
using DiffusionBatch.Evaluation.Metrics;

namespace DiffusionBatch.Evaluation.Mauve;

/// <summary>
/// MAUVE, 0 to 1, of a cell's outputs and the references, over feature vectors that files give. It compares two samples as
/// wholes: which items are joined makes no difference to it.
/// </summary>
/// <param name="spec">The metric with its settings.</param>
/// <param name="bootstrap">How the interval is found; null for none.</param>
[Strategy("mauve", "MAUVE over feature vectors, 0 to 1", Settings = [Features, ReferenceFeatures, nameof(MetricSpec.NumBuckets), nameof(MetricSpec.KmeansExplainedVar),
    nameof(MetricSpec.KmeansNumRedo), nameof(MetricSpec.KmeansMaxIter), nameof(MetricSpec.MauveScalingFactor), nameof(MetricSpec.Seed), nameof(MetricSpec.Seeds)])]
public sealed class MauveMetric(MetricSpec spec, BootstrapOptions? bootstrap) : IFileMetric
{
    const string Features = nameof(MetricSpec.Features) + "!", ReferenceFeatures = nameof(MetricSpec.ReferenceFeatures) + "!";

    readonly MauveOptions _options = MauveOptions.Of(spec);
    FeatureMatrix? _outputs, _references;

    /// <inheritdoc/>
    public string Name => spec.Label;

    /// <inheritdoc/>
    public void Open(string root, string cell)
    {
        string outputs = CellFile.Find(root, spec.Features!, cell, [.. FeatureFile.Extensions]), references = CellFile.Find(root, spec.ReferenceFeatures!, cell, [.. FeatureFile.Extensions]);
        _outputs = FeatureFile.Read(outputs, Name(outputs));
        _references = FeatureFile.Read(references, Name(references));
        // What can't be compared is to be known before anything is scored.
        if (_outputs.Columns != _references.Columns)
            throw new MetricException([string.Create(CultureInfo.InvariantCulture, $"{Name(outputs)}: the vectors have {_outputs.Columns} features; expected {_references.Columns}, as those of {Name(references)} have.")]);
        if (MauveFormula.Buckets(_options, _outputs.Rows, _references.Rows) is var buckets && buckets > _outputs.Rows + _references.Rows)
            throw new MetricException([string.Create(CultureInfo.InvariantCulture, $"{Name(outputs)} and {Name(references)}: {buckets} clusters are more than the {_outputs.Rows} and {_references.Rows} vectors.")]);

        string Name(string file) => Path.GetRelativePath(root, file).Replace('\\', '/');
    }

    /// <inheritdoc/>
    public void Add(string hypothesis, IReadOnlyList<string> references)
    {
        // The features stand for the texts.
    }

    /// <inheritdoc/>
    public MetricScore Score()
    {
        if (_outputs is null || _references is null) throw new InvalidOperationException("The features were not opened.");
        var score = MauveFormula.Score(_outputs, _references, _options, bootstrap);
        string signature = string.Create(CultureInfo.InvariantCulture,
            $"n:{_outputs.Rows},{_references.Rows}|d:{_outputs.Columns}|buckets:{score.Buckets}|var:{_options.KmeansExplainedVar}|redo:{_options.KmeansNumRedo}|iter:{_options.KmeansMaxIter}|c:{_options.MauveScalingFactor}|seeds:{_options.Seed}-{_options.Seed + _options.Seeds - 1}");
        return new MetricScore(score.Mean, signature, score.Low, score.High) { Spread = score.Spread };
    }
}
