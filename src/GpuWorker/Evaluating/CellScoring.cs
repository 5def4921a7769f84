using System.Collections;
using DiffusionBatch.Evaluation.Metrics;
using DiffusionBatch.Evaluation.Reporting;
using DiffusionBatch.Pipeline.Inputs;
using DiffusionBatch.Pipeline.Problems;
using DiffusionBatch.Pipeline.Results;

namespace DiffusionBatch.GpuWorker.Evaluating;

/// <summary>
/// Scores one cell's predictions against the references with the same ids. An item with an error scores as an empty text:
/// it was asked for and nothing came. Ids that only one side has are left out and listed, and so is a second prediction
/// of one id. Memory doesn't grow with the number of lines but for a bit each.
/// </summary>
/// <param name="cell">The predictions.</param>
/// <param name="metrics">The cell's own metrics.</param>
/// <param name="own">By label, the references of metrics that have others than the job's.</param>
/// <param name="shown">How many items are kept for the report: the first of the references.</param>
/// <param name="unmatched">Takes the ids that don't pair up.</param>
/// <param name="scores">Takes each item's own scores.</param>
internal sealed class CellScoring(PredictionCell cell, IReadOnlyList<IMetric> metrics, IReadOnlyDictionary<string, ReferenceFile> own,
    int shown, UnmatchedFile unmatched, ItemScoresFile scores)
{
    readonly ReportHypothesis?[] _hypotheses = new ReportHypothesis?[shown];
    readonly UnmatchedIds _missing = new(cell.Name, "missing", unmatched), _extra = new(cell.Name, "extra", unmatched),
        _duplicate = new(cell.Name, "duplicate", unmatched);
    readonly SortedDictionary<string, int> _without = new(StringComparer.Ordinal); // by label, items that its own references lack

    /// <summary>Items that were scored.</summary>
    public int Scored { get; private set; }

    /// <summary>Items with a text, or with tokens where the model has no tokenizer.</summary>
    public int Texts { get; private set; }

    /// <summary>Their forward passes; null where a line doesn't say.</summary>
    public long? Nfe { get; private set; } = 0;

    /// <summary>Their tokens; null where a line doesn't say.</summary>
    public long? Tokens { get; private set; } = 0;

    /// <summary>What didn't pair up.</summary>
    public CellJoin Join => new(cell.Name, Scored, _missing.List, _extra.List, _duplicate.List);

    /// <summary>Scores the cell.</summary>
    public void Run(ReferenceFile references, CancellationToken cancellationToken)
    {
        var seen = new BitArray(references.Count);
        references.Rewind();
        foreach (ReferenceFile file in own.Values) file.Rewind();
        foreach (Prediction prediction in PredictionReader.Read(cell))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (references.Find(prediction.Id) is not { } reference) _extra.Add(prediction.Id, prediction.File, prediction.Line);
            else if (seen[(int)reference.Index]) _duplicate.Add(prediction.Id, prediction.File, prediction.Line);
            else
            {
                seen[(int)reference.Index] = true;
                Score(prediction, reference, cancellationToken);
            }
        }
        if (Scored == references.Count) return;
        foreach (InputItem reference in references.All())
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!seen[(int)reference.Index]) _missing.Add(reference.Id);
        }
    }

    void Score(Prediction prediction, InputItem reference, CancellationToken cancellationToken)
    {
        MetricItem item = ItemOf(prediction, reference) with { Cancellation = cancellationToken };
        scores.Begin(cell.Name, item.Id);
        foreach (IMetric metric in metrics)
        {
            if (IsBare(prediction) && metric is not IModelMetric { Spec.Model: not null }) throw new ProblemsException(Bare(prediction));
            if (Counted(metric, item) is var added && metric is IItemMetric single) scores.Add(metric.Name, added ? single.LastItem : null);
        }
        scores.End();
        if (reference.Index < shown) _hypotheses[reference.Index] = new ReportHypothesis(prediction.Text, prediction.ErrorCode);
        Scored++;
        if (prediction.ErrorCode is not null) return;
        Texts++;
        Nfe += prediction.Nfe;
        Tokens += prediction.Length;
    }

    /// <summary>Whether a prediction is token ids without a text, which no metric of texts can score.</summary>
    public static bool IsBare(Prediction prediction) => prediction.Text is null && prediction.ErrorCode is null;

    /// <summary>Says so.</summary>
    public static Problem Bare(Prediction prediction) =>
        new(prediction.File, null, prediction.Line, null, "\"text\" is null: the model had no tokenizer, there is nothing to score");

    // A reference of token ids alone has no text; no metric of texts is asked about it.
    static readonly IReadOnlyList<string> s_none = [""];

    /// <summary>A prediction and the reference of its id, as metrics see them.</summary>
    public static MetricItem ItemOf(Prediction prediction, InputItem reference) =>
        new(prediction.Id, prediction.Text ?? "", reference.Targets.Count > 0 ? reference.Targets : s_none)
        {
            Ids = prediction.Ids,
            Choices = reference.Choices,
            LogLikelihood = prediction.LogLikelihood,
            Tokens = prediction.Tokens ?? prediction.Length,
        };

    bool Counted(IMetric metric, in MetricItem item)
    {
        if (Add(metric, item, own)) return true;
        _without[metric.Name] = _without.GetValueOrDefault(metric.Name) + 1;
        return false;
    }

    /// <summary>Gives a metric an item, with the metric's own references where it has some; false where they lack the item.</summary>
    public static bool Add(IMetric metric, in MetricItem item, IReadOnlyDictionary<string, ReferenceFile> own)
    {
        if (!own.TryGetValue(metric.Name, out ReferenceFile? file)) metric.Add(item);
        else if (file.Find(item.Id) is { Targets.Count: > 0 } reference) metric.Add(item with { References = reference.Targets });
        else return false;
        return true;
    }

    /// <summary>What the cell made of an item that the report shows.</summary>
    public ReportHypothesis Hypothesis(int index) => _hypotheses[index] ?? new ReportHypothesis(null);

    /// <summary>The ids that only one side has, in sentences.</summary>
    public IEnumerable<string> Notes() =>
        Join.Notes()
            .Concat(_without.Select(w => $"{cell.Name}: {(w.Value == 1 ? "1 item" : $"{w.Value} items")} without a reference among those "
                + $"of {w.Key}, left out of its score"));
}
