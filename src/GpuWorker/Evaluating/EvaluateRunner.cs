using System.Text.Json.Nodes;
using DiffusionBatch.Evaluation.Metrics;
using DiffusionBatch.Evaluation.Reporting;
using DiffusionBatch.Evaluation.Statistics;
using DiffusionBatch.Pipeline.Jobs;
using DiffusionBatch.Pipeline.Manifests;
using DiffusionBatch.Pipeline.Problems;
using DiffusionBatch.Pipeline.Results;

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
        ReferenceSet references = ReferenceSet.Read(task.Root, _manifest.References, cancellationToken);
        Dictionary<string, ReferenceSet> own = OwnReferences(references, cancellationToken);
        IReadOnlyList<PredictionCell> cells = PredictionReader.Cells(predictions);
        OutputManifest? written = Directory.Exists(predictions) ? OutputManifest.Read(predictions) : null;
        int shown = Math.Min(ShownItems, references.Count);
        var statistics = new ComparisonOptions(_manifest.Seed, references.Count <= MostItemsForIntervals ? _manifest.Statistics.Resamples : 0, Map(_manifest.Statistics.Compare));
        BootstrapOptions? bootstrap = statistics.Resamples > 0 ? new BootstrapOptions(statistics.Seed, statistics.Resamples) : null;

        var scorings = new List<CellScoring>();
        var report = new List<ReportCell>();
        var scored = new List<(string Cell, IReadOnlyList<ScoredMetric> Metrics)>();
        foreach (PredictionCell cell in cells)
        {
            progress?.Report(new TaskProgress("scoring", scorings.Count, cells.Count, "cells"));
            IReadOnlyList<IMetric> metrics = plan.Create(bootstrap);
            foreach (IFileMetric metric in metrics.OfType<IFileMetric>()) metric.Open(task.Root, cell.Name);
            var scoring = new CellScoring(cell, metrics, own, shown);
            scoring.Run(references, cancellationToken);
            if (scoring.Scored == 0)
                throw new ProblemsException(Problem.OfFile(_manifest.Predictions, $"cell {cell.Name} has no id that is in {_manifest.References}"));
            CellRecord? record = written?.Cells?.FirstOrDefault(c => c.Cell == cell.Name);
            scorings.Add(scoring);
            scored.Add((cell.Name, [.. metrics.Select(m => new ScoredMetric(m, m.Score()))]));
            report.Add(new ReportCell(
                cell.Name, (JsonObject?)record?.Sampler.DeepClone(), [.. scored[^1].Metrics.Select(m => KeyValuePair.Create(m.Metric.Name, m.Score))], CellCosts.Of(scoring, record, plan.Cost)));
        }
        progress?.Report(new TaskProgress("scoring", cells.Count, cells.Count, "cells"));
        progress?.Report(new TaskProgress("comparing", -1, 0, "cells"));
        IReadOnlyList<CellComparison> comparisons = new CellComparer(statistics).Run(scored);
        List<string> notes = [.. scorings.SelectMany(s => s.Notes())];
        if (references.Count > MostItemsForIntervals) notes.Add($"Intervals and comparisons are left out: there are more than {MostItemsForIntervals} items.");
        ReportFiles.Write(task.Output, new EvaluationReport(_manifest.Name, report, Items(references, scorings, shown), references.Count)
        {
            Notes = notes,
            Comparisons = comparisons,
            Statistics = bootstrap is null ? null : statistics,
        });
        return new TaskReport
        {
            Items = new ItemCounts(references.Count, references.Count, 0),
            Warnings = notes,
            Metrics = [.. report.SelectMany(EvaluationFigures.Of)],
            SweepPoints = [.. report.Select(EvaluationFigures.Point)],
        };
    }

    /// <summary>By label, the references of metrics that have their own; a file is read once.</summary>
    Dictionary<string, ReferenceSet> OwnReferences(ReferenceSet references, CancellationToken cancellationToken)
    {
        var files = new Dictionary<string, ReferenceSet>(StringComparer.Ordinal) { [_manifest.References] = references };
        var own = new Dictionary<string, ReferenceSet>(StringComparer.Ordinal);
        foreach (var metric in _manifest.Metrics)
        {
            if (metric.References is not { } file) continue;
            if (!files.TryGetValue(file, out ReferenceSet? set)) files[file] = set = ReferenceSet.Read(task.Root, file, cancellationToken);
            own[metric.Label] = set;
        }
        return own;
    }

    static CellPairs Map(ComparedCells compare) => compare switch
    {
        ComparedCells.Best => CellPairs.Best,
        ComparedCells.All => CellPairs.All,
        _ => CellPairs.None,
    };

    static List<ReportItem> Items(ReferenceSet references, List<CellScoring> scorings, int shown) =>
        [.. references.Take(shown).Select(r => new ReportItem(r.Key, r.Value.Source, r.Value.Targets, [.. scorings.Select(s => s.Hypothesis(r.Value.Index))]))];
}
