using DiffusionBatch.Contracts.Manifests;

namespace DiffusionBatch.Evaluation.Metrics;

/// <summary>Scores a system's outputs, a segment at a time. Not safe across threads.</summary>
public interface IMetric
{
    /// <summary>The name under which the report shows it.</summary>
    string Name { get; }

    /// <summary>Takes in one segment.</summary>
    /// <param name="hypothesis">The system's output.</param>
    /// <param name="references">At least one; the metric says how several count.</param>
    /// <exception cref="ArgumentException">There is no reference.</exception>
    void Add(string hypothesis, IReadOnlyList<string> references);

    /// <summary>Takes in one item, with whatever else is known of it.</summary>
    /// <exception cref="ArgumentException">There is no reference.</exception>
    /// <exception cref="MetricException">The metric needs something that isn't known of this item.</exception>
    /// <exception cref="OperationCanceledException">The item's work was cancelled; the metric is of no use any more.</exception>
    void Add(in MetricItem item) => Add(item.Hypothesis, item.References);

    /// <summary>The score of all segments so far.</summary>
    MetricScore Score();
}

/// <summary>A metric that needs more of an item than its texts; it can be asked before any is scored.</summary>
public interface IDemandingMetric : IMetric
{
    /// <summary>
    /// What an item lacks, in a sentence without the item's name; null where it can be scored. A metric of files is opened first.
    /// </summary>
    /// <param name="item">The item.</param>
    string? Lack(in MetricItem item);
}

/// <summary>A metric whose options name files beside the predictions.</summary>
public interface IFileMetric : IMetric
{
    /// <summary>Reads what belongs to a cell; to be called once, before the first item.</summary>
    /// <param name="root">The folder that the options' paths are relative to.</param>
    /// <param name="cell">The cell's name.</param>
    /// <exception cref="MetricException">A file is missing or can't be used.</exception>
    void Open(string root, string cell);
}

/// <summary>A metric for which a model may be asked of the items, by whoever has models, before the first item is added.</summary>
public interface IModelMetric : IMetric
{
    /// <summary>The metric with its settings; <see cref="MetricSpec.Model"/> is the model, or null where none is asked.</summary>
    MetricSpec Spec { get; }
}

/// <summary>A metric of texts' likelihoods under a model.</summary>
public interface ILikelihoodMetric : IModelMetric
{
    /// <summary>Which texts' likelihoods.</summary>
    LikelihoodTexts Texts { get; }

    /// <summary>Takes in the model's opinion of a cell's items.</summary>
    /// <param name="estimates">By id: -log p of the item's text in nats, or a bound above it, and its tokens. Items without a text are
    /// absent.</param>
    /// <param name="form">What the numbers are, for the signature.</param>
    void Give(IReadOnlyDictionary<string, TextLikelihood> estimates, string form);
}

/// <summary>A metric of which of an item's choices a model finds the likeliest.</summary>
public interface IChoiceMetric : IModelMetric
{
    /// <summary>Takes in the model's opinion of the items' choices.</summary>
    /// <param name="estimates">By id, a likelihood of each of <see cref="MetricItem.Choices"/>, in their order. Items without choices are
    /// absent.</param>
    /// <param name="form">What the numbers are, for the signature.</param>
    void Give(IReadOnlyDictionary<string, IReadOnlyList<TextLikelihood>> estimates, string form);
}

/// <summary>A metric of texts' vectors under a model.</summary>
public interface IFeatureMetric : IModelMetric
{
    /// <summary>Takes in the vectors.</summary>
    /// <param name="outputs">(n, d) those of the cell's texts.</param>
    /// <param name="references">(m, d) those of the references.</param>
    /// <param name="form">What the vectors are, for the signature.</param>
    /// <exception cref="MetricException">They are too few.</exception>
    void Give(FeatureMatrix outputs, FeatureMatrix references, string form);
}

/// <summary>What a model thinks of a text.</summary>
/// <param name="Nats">-log p, or a bound above it.</param>
/// <param name="Tokens">The tokens that it is over.</param>
public readonly record struct TextLikelihood(double Nats, int Tokens);

/// <summary>A metric that may have something to say about the items behind its score.</summary>
public interface INotingMetric : IMetric
{
    /// <summary>What the reader of the score should know, in sentences without full stops that begin with the metric's name.</summary>
    IEnumerable<string> Notes();
}

/// <summary>A metric that has a score of one item, too.</summary>
public interface IItemMetric : IMetric
{
    /// <summary>The score of a corpus of the last item alone; not a number where it has none.</summary>
    double LastItem { get; }
}

/// <summary>A metric whose score is made of sums over segments, so that corpora drawn from the segments can be scored too.</summary>
public interface IResampledMetric : IMetric
{
    /// <summary>The segments so far; null where intervals were not asked for, for then none are kept.</summary>
    SegmentTable? Table();

    /// <summary>The score of a corpus from its segments' sums; may be called from several threads.</summary>
    double Evaluate(ReadOnlySpan<double> sums);
}

/// <summary>Metrics or their options that can't be had; every problem is in the list.</summary>
/// <param name="problems">What is wrong, each with what would be right.</param>
public sealed class MetricException(IReadOnlyList<string> problems) : Exception(string.Join(Environment.NewLine, problems))
{
    /// <summary>What is wrong, each with what would be right.</summary>
    public IReadOnlyList<string> Problems { get; } = problems;
}
