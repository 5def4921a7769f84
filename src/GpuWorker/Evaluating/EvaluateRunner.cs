using System.Text.Json.Nodes;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Evaluation;
using DiffusionBatch.Evaluation.Metrics;
using DiffusionBatch.Evaluation.Reporting;
using DiffusionBatch.Evaluation.Statistics;
using DiffusionBatch.GpuWorker.Models;
using DiffusionBatch.Pipeline.Inputs;
using DiffusionBatch.Pipeline.Jobs;
using DiffusionBatch.Pipeline.Problems;
using DiffusionBatch.Pipeline.Results;

namespace DiffusionBatch.GpuWorker.Evaluating;

/// <summary>One evaluation: joins predictions with references by id, scores each cell and writes the report.</summary>
/// <param name="task">The job.</param>
/// <param name="models">Where models come from that metrics ask.</param>
internal sealed class EvaluateRunner(EvaluateTask task, ModelCache models)
{
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
        MetricPlan plan = MetricRegistry.Plan(_manifest.Metrics);
        using ReferenceFile references = OpenReferences(_manifest.References, cancellationToken);
        using var opened = new OpenedFiles();
        Dictionary<string, ReferenceFile> own = OwnReferences(opened, cancellationToken);
        IReadOnlyList<PredictionCell> cells = PredictionReader.Cells(predictions);
        OutputManifest? written = Directory.Exists(predictions) ? OutputManifest.Read(predictions) : null;
        foreach (string missing in FindingTester.Unknown(_manifest.Findings ?? [], [.. cells.Select(c => c.Name)]))
            throw new ProblemsException(Problem.OfFile(_manifest.Predictions, missing));
        int shown = ShownItems.Count(references, cells);
        var statistics = new ComparisonOptions(_manifest.Seed,
            references.Count <= MostItemsForIntervals ? _manifest.Statistics.Resamples : 0, _manifest.Statistics.Compare);
        BootstrapOptions? bootstrap = statistics.Resamples > 0 ? new BootstrapOptions(statistics.Seed, statistics.Resamples) : null;

        var judges = new MetricModels(_manifest, task.Root, models, references);
        var exactly = new ExactScoring(plan, references, own, judges, statistics);
        using var unmatched = new UnmatchedFile(task.Output, predictions);
        using var itemScores = new ItemScoresFile(task.Output);
        var scorings = new List<CellScoring>();
        var report = new List<ReportCell>();
        var scored = new List<(string Cell, IReadOnlyList<ScoredMetric> Metrics)>();
        foreach (PredictionCell cell in cells)
        {
            progress?.Report(new TaskProgress("scoring", scorings.Count, cells.Count, "cells"));
            IReadOnlyList<IMetric> metrics = plan.Create(bootstrap);
            foreach (IFileMetric metric in metrics.OfType<IFileMetric>()) metric.Open(task.Root, cell.Name);
            foreach (IModelMetric metric in metrics.OfType<IModelMetric>()) judges.Ask(metric, cell, progress, cancellationToken);
            var scoring = new CellScoring(cell, metrics, own, shown, unmatched, itemScores);
            scoring.Run(references, cancellationToken);
            if (scoring.Scored == 0)
                throw new ProblemsException(
                    Problem.OfFile(_manifest.Predictions, $"cell {cell.Name} has no id that is in {_manifest.References}"));
            CellRecord? record = cell.Results is { } results
                ? opened.Output(results.Folder)?.Cells?.FirstOrDefault(c => c.Cell == results.Cell)
                : null;
            scorings.Add(scoring);
            scored.Add((cell.Name, Scores(metrics, cancellationToken)));
            report.Add(new ReportCell(
                cell.Name, (JsonObject?)record?.Sampler.DeepClone(),
                [.. scored[^1].Metrics.Select(m => KeyValuePair.Create(m.Metric.Name, m.Score))], CellCosts.Of(scoring, record, plan.Cost))
            { Approximation = record?.Approximation, Verification = exactly.Of(cell, record, scored[^1].Metrics, cancellationToken) });
        }
        progress?.Report(new TaskProgress("scoring", cells.Count, cells.Count, "cells"));
        progress?.Report(new TaskProgress("comparing", -1, 0, "cells"));
        IReadOnlyList<CellComparison> comparisons = new CellComparer(statistics).Run(scored);
        IReadOnlyList<FindingResult> findings = new FindingTester(statistics).Run(_manifest.Findings ?? [], scored);
        List<ReportItem> items = ShownItems.Of(references, scorings, shown);
        var traces = new ShownTraces(cells, items.Select(i => i.Id).ToHashSet(StringComparer.Ordinal));
        ReportTraces? played = traces.Read(_manifest.Predictions, ids => TokenTexts.Of(task.Root, written, ids));
        List<string> notes = [.. scorings.SelectMany(s => s.Notes()), .. MetricNotes(scored), .. judges.Notes, .. traces.Notes];
        if (references.Count > MostItemsForIntervals)
            notes.Add($"Intervals and comparisons are left out: there are more than {MostItemsForIntervals} items.");
        ReportFiles.Write(task.Output, new EvaluationReport(_manifest.Name, report, items, references.Count)
        {
            Notes = notes,
            Joins = [.. scorings.Select(scoring => scoring.Join).Where(join => !join.IsComplete)],
            Comparisons = comparisons,
            Findings = findings,
            Traces = played,
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

    static ScoredMetric[] Scores(IReadOnlyList<IMetric> metrics, CancellationToken cancellationToken)
    {
        var scores = new List<ScoredMetric>();
        foreach (IMetric metric in metrics)
        {
            cancellationToken.ThrowIfCancellationRequested();
            scores.Add(new ScoredMetric(metric, metric.Score()));
        }
        return [.. scores];
    }

    /// <summary>What metrics say of the items behind their scores; what is so in several cells is said once.</summary>
    static IEnumerable<string> MetricNotes(List<(string Cell, IReadOnlyList<ScoredMetric> Metrics)> scored) =>
        scored.SelectMany(cell => cell.Metrics).Select(m => m.Metric).OfType<INotingMetric>().SelectMany(metric => metric.Notes())
            .Distinct(StringComparer.Ordinal);

    ReferenceFile OpenReferences(string file, CancellationToken cancellationToken) =>
        new(Path.Combine(task.Root, file), file, cancellationToken);

    /// <summary>By label, the references of metrics that have others than the job's.</summary>
    Dictionary<string, ReferenceFile> OwnReferences(OpenedFiles opened, CancellationToken cancellationToken)
    {
        var own = new Dictionary<string, ReferenceFile>(StringComparer.Ordinal);
        foreach (var metric in _manifest.Metrics)
            if (metric.References is { } file && file != _manifest.References)
                own[metric.Label] = opened.Get(file, () => OpenReferences(file, cancellationToken));
        return own;
    }

    /// <summary>Files of references, each opened once however many metrics use it, and what results folders say of themselves.</summary>
    sealed class OpenedFiles : IDisposable
    {
        readonly Dictionary<string, ReferenceFile> _files = new(StringComparer.Ordinal);
        readonly Dictionary<string, OutputManifest?> _outputs = new(StringComparer.Ordinal);

        public OutputManifest? Output(string folder) =>
            _outputs.TryGetValue(folder, out OutputManifest? output) ? output : _outputs[folder] = OutputManifest.Read(folder);

        public ReferenceFile Get(string name, Func<ReferenceFile> open) =>
            _files.TryGetValue(name, out ReferenceFile? file) ? file : _files[name] = open();

        public void Dispose()
        {
            foreach (ReferenceFile file in _files.Values) file.Dispose();
        }
    }
}
