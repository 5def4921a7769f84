using System.Globalization;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Contracts.Strategies;
using DiffusionBatch.Evaluation.Metrics;

namespace DiffusionBatch.Evaluation.Mauve;

/// <summary>
/// MAUVE, 0 to 1, of a cell's outputs and the references, over feature vectors of a model, or those that files give. It compares two
/// samples as wholes: which items are joined makes no difference to it.
/// </summary>
/// <param name="spec">The metric with its settings.</param>
/// <param name="bootstrap">How the interval is found; null for none.</param>
[Strategy("mauve", "MAUVE over feature vectors, 0 to 1",
    Settings = [nameof(MetricSpec.Model), Features, ReferenceFeatures, nameof(MetricSpec.NumBuckets), nameof(MetricSpec.KmeansExplainedVar),
    nameof(MetricSpec.KmeansNumRedo), nameof(MetricSpec.KmeansMaxIter), nameof(MetricSpec.MauveScalingFactor), nameof(MetricSpec.Seed),
    nameof(MetricSpec.Seeds)])]
public sealed class MauveMetric(MetricSpec spec, BootstrapOptions? bootstrap) : IFileMetric, IFeatureMetric
{
    const string OrModel = "!/" + nameof(MetricSpec.Model), Features = nameof(MetricSpec.Features) + OrModel,
        ReferenceFeatures = nameof(MetricSpec.ReferenceFeatures) + OrModel;

    readonly MauveOptions _options = MauveOptions.Of(spec);
    FeatureMatrix? _outputs, _references;
    string _form = ""; // of the model that was asked

    /// <inheritdoc/>
    public string Name => Spec.Label;

    /// <inheritdoc/>
    public MetricSpec Spec { get; } = spec;

    /// <inheritdoc/>
    public void Open(string root, string cell)
    {
        if (Spec.Model is not null) return;
        string outputs = CellFile.Find(root, Spec.Features!, cell, [.. FeatureFile.Extensions]),
            references = CellFile.Find(root, Spec.ReferenceFeatures!, cell, [.. FeatureFile.Extensions]);
        _outputs = FeatureFile.Read(outputs, Name(outputs));
        _references = FeatureFile.Read(references, Name(references));
        // What can't be compared is to be known before anything is scored.
        if (_outputs.Columns != _references.Columns)
            throw new MetricException(
                [string.Create(CultureInfo.InvariantCulture, $"{Name(outputs)}: the vectors "
                    + $"have {_outputs.Columns} features; expected {_references.Columns}, as those of {Name(references)} have.")]);
        RequireEnough($"{Name(outputs)} and {Name(references)}");

        string Name(string file) => Path.GetRelativePath(root, file).Replace('\\', '/');
    }

    /// <inheritdoc/>
    public void Give(FeatureMatrix outputs, FeatureMatrix references, string form)
    {
        (_outputs, _references, _form) = (outputs, references, form + "|");
        RequireEnough(Name);
    }

    void RequireEnough(string whose)
    {
        if (MauveFormula.Buckets(_options, _outputs!.Rows, _references!.Rows) is var buckets && buckets > _outputs.Rows + _references.Rows)
            throw new MetricException(
                [string.Create(CultureInfo.InvariantCulture,
                    $"{whose}: {buckets} clusters are more than the {_outputs.Rows} and {_references.Rows} vectors.")]);
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
            $"{_form}n:{_outputs.Rows},{_references.Rows}|d:{_outputs.Columns}|buckets:{score.Buckets}|var:"
                + $"{_options.KmeansExplainedVar}|redo:{_options.KmeansNumRedo}|iter:{_options.KmeansMaxIter}|c:"
                + $"{_options.MauveScalingFactor}|seeds:{_options.Seed}-{_options.Seed + _options.Seeds - 1}");
        return new MetricScore(score.Mean, signature, score.Low, score.High) { Spread = score.Spread, IsPercentage = false };
    }
}
