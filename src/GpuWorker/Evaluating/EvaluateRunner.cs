using System.Text.Json.Nodes;
using DiffusionBatch.Evaluation.Metrics;
using DiffusionBatch.Evaluation.Reporting;
using DiffusionBatch.Pipeline.Inputs;
using DiffusionBatch.Pipeline.Jobs;
using DiffusionBatch.Pipeline.Manifests;
using DiffusionBatch.Pipeline.Problems;
using DiffusionBatch.Pipeline.Results;
using Cost = DiffusionBatch.Evaluation.Cost.CellCost;

namespace DiffusionBatch.GpuWorker.Evaluating;

/// <summary>One evaluation: joins predictions with references by id, scores each cell and writes the report.</summary>
internal sealed class EvaluateRunner(EvaluateTask task)
{
    /// <summary>The items that the report shows with their texts.</summary>
    const int ShownItems = 50;

    /// <summary>Beyond this many items an interval says little and costs much.</summary>
    const int MostItemsForIntervals = 100_000;

    readonly EvaluateManifest _manifest = task.Manifest;

    /// <summary>Scores and writes.</summary>
    /// <exception cref="ProblemsException">What a metric needs is missing or malformed.</exception>
    public TaskReport Run(IProgress<TaskProgress>? progress, CancellationToken cancellationToken)
    {
        try
        {
            return Report(progress, cancellationToken);
        }
        catch (MetricException e)
        {
            throw new ProblemsException([.. e.Problems.Select(problem => Problem.OfFile(_manifest.Predictions, problem))]);
        }
    }

    TaskReport Report(IProgress<TaskProgress>? progress, CancellationToken cancellationToken)
    {
        string predictions = Path.Combine(task.Root, _manifest.Predictions);
        MetricPlan plan = MetricRegistry.Plan(_manifest.Metrics.Select(MetricMapping.Map));
        OrderedDictionary<string, Reference> references = References(cancellationToken);
        IReadOnlyList<PredictionCell> cells = PredictionReader.Cells(predictions);
        OutputManifest? written = Directory.Exists(predictions) ? OutputManifest.Read(predictions) : null;
        int shown = Math.Min(ShownItems, references.Count);
        BootstrapOptions? bootstrap = references.Count <= MostItemsForIntervals ? new BootstrapOptions(_manifest.Seed) : null;

        var scorings = new List<CellScoring>();
        var report = new List<ReportCell>();
        foreach (PredictionCell cell in cells)
        {
            progress?.Report(new TaskProgress("scoring", scorings.Count, cells.Count, "cells"));
            IReadOnlyList<IMetric> metrics = plan.Create(bootstrap);
            foreach (IFileMetric metric in metrics.OfType<IFileMetric>()) metric.Open(task.Root, cell.Name);
            var scoring = new CellScoring(cell, metrics, shown);
            scoring.Run(references, cancellationToken);
            if (scoring.Scored == 0)
                throw new ProblemsException(Problem.OfFile(_manifest.Predictions, $"cell {cell.Name} has no id that is in {_manifest.References}"));
            CellRecord? record = written?.Cells?.FirstOrDefault(c => c.Cell == cell.Name);
            scorings.Add(scoring);
            report.Add(new ReportCell(cell.Name, (JsonObject?)record?.Sampler.DeepClone(), [.. metrics.Select(m => KeyValuePair.Create(m.Name, m.Score()))], plan.Cost ? CostOf(scoring, record) : null));
        }
        progress?.Report(new TaskProgress("scoring", cells.Count, cells.Count, "cells"));
        List<string> notes = [.. scorings.SelectMany(s => s.Notes())];
        ReportFiles.Write(task.Output, new EvaluationReport(_manifest.Name, report, Items(references, scorings, shown), references.Count) { Notes = notes });
        return new TaskReport
        {
            Items = new ItemCounts(references.Count, references.Count, 0),
            Warnings = notes,
            Metrics = [.. report.SelectMany(Figures)],
        };
    }

    OrderedDictionary<string, Reference> References(CancellationToken cancellationToken)
    {
        var references = new OrderedDictionary<string, Reference>(StringComparer.Ordinal);
        foreach (InputItem item in InputReader.ReadReferences(Path.Combine(task.Root, _manifest.References), _manifest.References))
        {
            cancellationToken.ThrowIfCancellationRequested();
            references.Add(item.Id, new Reference(references.Count, item.Source, item.Targets));
        }
        return references;
    }

    // The job that made the predictions knows their time; forward passes and tokens also stand in the lines.
    static Cost? CostOf(CellScoring scoring, CellRecord? record) =>
        record is { Cost: { } cost } ? new Cost(scoring.Texts, cost.Nfe, cost.Tokens, cost.Seconds)
        : scoring is { Nfe: { } nfe, Tokens: { } tokens } ? new Cost(scoring.Texts, nfe, tokens, null)
        : null;

    static List<ReportItem> Items(OrderedDictionary<string, Reference> references, List<CellScoring> scorings, int shown) =>
        [.. references.Take(shown).Select(r => new ReportItem(r.Key, r.Value.Source, r.Value.Targets, [.. scorings.Select(s => s.Hypothesis(r.Value.Index))]))];

    static IEnumerable<MetricValue> Figures(ReportCell cell)
    {
        foreach ((string name, MetricScore score) in cell.Metrics)
            yield return new MetricValue(cell.Cell, name, score.Score) { Signature = score.Signature, Low = score.Low, High = score.High };
        if (cell.Cost is not { } cost) yield break;
        yield return new MetricValue(cell.Cell, "cost.forwardPasses", cost.ForwardPasses);
        yield return new MetricValue(cell.Cell, "cost.tokens", cost.Tokens);
        if (cost.Seconds is { } seconds) yield return new MetricValue(cell.Cell, "cost.seconds", seconds);
    }
}
