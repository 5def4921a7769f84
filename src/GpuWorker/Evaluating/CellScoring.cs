using DiffusionBatch.Evaluation.Metrics;
using DiffusionBatch.Evaluation.Reporting;
using DiffusionBatch.Pipeline.Results;

namespace DiffusionBatch.GpuWorker.Evaluating;

/// <summary>
/// Scores one cell's predictions against the references with the same ids. An item with an error scores as an empty text:
/// it was asked for and nothing came. Ids that only one side has are left out and listed.
/// </summary>
/// <param name="cell">The predictions.</param>
/// <param name="metrics">The cell's own metrics.</param>
/// <param name="own">By label, the references of metrics that have others than the job's.</param>
/// <param name="shown">How many items are kept for the report.</param>
internal sealed class CellScoring(PredictionCell cell, IReadOnlyList<IMetric> metrics, IReadOnlyDictionary<string, ReferenceSet> own, int shown)
{
    const int ListedIds = 10;

    readonly ReportHypothesis?[] _hypotheses = new ReportHypothesis?[shown];
    readonly List<string> _extra = [];
    readonly List<string> _missing = [];
    readonly SortedDictionary<string, int> _without = new(StringComparer.Ordinal); // by label, items that its own references lack
    int _extraCount, _missingCount;

    /// <summary>Items that were scored.</summary>
    public int Scored { get; private set; }

    /// <summary>Items with a text.</summary>
    public int Texts { get; private set; }

    /// <summary>Their forward passes; null where a line doesn't say.</summary>
    public long? Nfe { get; private set; } = 0;

    /// <summary>Their tokens; null where a line doesn't say.</summary>
    public long? Tokens { get; private set; } = 0;

    /// <summary>Scores the cell.</summary>
    public void Run(ReferenceSet references, CancellationToken cancellationToken)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (Prediction prediction in PredictionReader.Read(cell))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!references.TryGetValue(prediction.Id, out Reference? reference))
            {
                if (++_extraCount <= ListedIds) _extra.Add(prediction.Id);
                continue;
            }
            // Every line is one prediction; the check before the job has refused ids that come twice.
            if (!seen.Add(prediction.Id)) continue;
            var item = new MetricItem(prediction.Id, prediction.Text ?? "", reference.Targets)
            {
                Ids = prediction.Ids,
                LogLikelihood = prediction.LogLikelihood,
                Tokens = prediction.Tokens ?? prediction.Length,
            };
            foreach (IMetric metric in metrics) Add(metric, item);
            if (reference.Index < shown) _hypotheses[reference.Index] = new ReportHypothesis(prediction.Text, prediction.ErrorCode);
            Scored++;
            if (prediction.Text is null) continue;
            Texts++;
            Nfe += prediction.Nfe;
            Tokens += prediction.Length;
        }
        foreach (string id in references.Where(r => !seen.Contains(r.Key)).OrderBy(r => r.Value.Index).Select(r => r.Key))
            if (++_missingCount <= ListedIds) _missing.Add(id);
    }

    void Add(IMetric metric, in MetricItem item)
    {
        if (!own.TryGetValue(metric.Name, out ReferenceSet? set)) metric.Add(item);
        else if (set.TryGetValue(item.Id, out Reference? reference)) metric.Add(item with { References = reference.Targets });
        else _without[metric.Name] = _without.GetValueOrDefault(metric.Name) + 1;
    }

    /// <summary>What the cell made of an item that the report shows.</summary>
    public ReportHypothesis Hypothesis(int index) => _hypotheses[index] ?? new ReportHypothesis(null);

    /// <summary>The ids that only one side has, in sentences.</summary>
    public IEnumerable<string> Notes()
    {
        if (_missingCount > 0) yield return $"{cell.Name}: {Items(_missingCount, "reference")} without a prediction, left out of the scores: {List(_missing, _missingCount)}";
        if (_extraCount > 0) yield return $"{cell.Name}: {Items(_extraCount, "prediction")} without a reference, left out of the scores: {List(_extra, _extraCount)}";
        foreach ((string label, int count) in _without)
            yield return $"{cell.Name}: {Items(count, "item")} without a reference among those of {label}, left out of its score";
    }

    static string Items(int count, string what) => count == 1 ? $"1 {what}" : $"{count} {what}s";

    static string List(List<string> ids, int count) => string.Join(", ", ids) + (count > ids.Count ? $" and {count - ids.Count} more" : "");
}
