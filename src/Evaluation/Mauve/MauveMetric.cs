using System.Globalization;
using DiffusionBatch.Evaluation.Metrics;

namespace DiffusionBatch.Evaluation.Mauve;

/// <summary>
/// MAUVE, 0 to 1, of a cell's outputs and the references, over feature vectors that files give. It compares two samples as
/// wholes: which items are joined makes no difference to it.
/// </summary>
/// <param name="features">The outputs' features: a file, or a folder with a file per cell, relative to the root.</param>
/// <param name="referenceFeatures">The references' features: a file, relative to the root.</param>
/// <param name="options">MAUVE's options.</param>
/// <param name="name">The name in the report.</param>
/// <param name="bootstrap">How the interval is found; null for none.</param>
public sealed class MauveMetric(string features, string referenceFeatures, MauveOptions options, string name = "mauve", BootstrapOptions? bootstrap = null) : IFileMetric
{
    FeatureMatrix? _outputs, _references;

    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public void Open(string root, string cell)
    {
        string outputs = CellFile.Find(root, features, cell, [.. FeatureFile.Extensions]), references = CellFile.Find(root, referenceFeatures, cell, [.. FeatureFile.Extensions]);
        _outputs = FeatureFile.Read(outputs, Name(outputs));
        _references = FeatureFile.Read(references, Name(references));
        // What can't be compared is to be known before anything is scored.
        if (_outputs.Columns != _references.Columns)
            throw new MetricException([string.Create(CultureInfo.InvariantCulture, $"{Name(outputs)}: the vectors have {_outputs.Columns} features; expected {_references.Columns}, as those of {Name(references)} have.")]);
        if (MauveFormula.Buckets(options, _outputs.Rows, _references.Rows) is var buckets && buckets > _outputs.Rows + _references.Rows)
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
        var score = MauveFormula.Score(_outputs, _references, options, bootstrap);
        string signature = string.Create(CultureInfo.InvariantCulture,
            $"n:{_outputs.Rows},{_references.Rows}|d:{_outputs.Columns}|buckets:{score.Buckets}|var:{options.KmeansExplainedVar}|redo:{options.KmeansNumRedo}|iter:{options.KmeansMaxIter}|c:{options.MauveScalingFactor}|seeds:{options.Seed}-{options.Seed + options.Seeds - 1}");
        return new MetricScore(score.Mean, signature, score.Low, score.High) { Spread = score.Spread };
    }
}
