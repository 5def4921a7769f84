using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Evaluation;
using DiffusionBatch.Evaluation.Metrics;
using DiffusionBatch.Evaluation.Reporting;
using DiffusionBatch.Evaluation.Statistics;
using DiffusionBatch.Pipeline.Inputs;
using DiffusionBatch.Pipeline.Results;

namespace DiffusionBatch.GpuWorker.Evaluating;

/// <summary>
/// What an approximate cell loses in quality: its items that were verified against the same items sampled exactly, under each metric,
/// paired.
/// </summary>
/// <param name="plan">The job's metrics.</param>
/// <param name="references">The job's references.</param>
/// <param name="own">By label, the references of metrics that have others.</param>
/// <param name="judges">Gives metrics their models' opinions.</param>
/// <param name="statistics">How differences are tested.</param>
internal sealed class ExactScoring(MetricPlan plan, ReferenceFile references, IReadOnlyDictionary<string, ReferenceFile> own,
    MetricModels judges, ComparisonOptions statistics)
{
    /// <summary>
    /// The differences, the cell's score less the exact one, over the verified items alone; null where none were verified.
    /// </summary>
    /// <param name="cell">The cell.</param>
    /// <param name="record">What its job says of it, or null.</param>
    /// <param name="scored">Its own metrics, after all items.</param>
    /// <param name="cancellationToken">Ends the scoring.</param>
    public ReportVerification? Of(PredictionCell cell, CellRecord? record, IReadOnlyList<ScoredMetric> scored,
        CancellationToken cancellationToken)
    {
        if (record?.Verify is not { } agreement) return null;
        return new ReportVerification(agreement.Items, agreement.EqualItems, agreement.EqualTokens, agreement.ScoreLoss, agreement.Low,
            agreement.High)
        {
            Differences = agreement.Items == 0 ? [] : Differences(cell, scored, cancellationToken),
        };
    }

    IReadOnlyList<CellComparison> Differences(PredictionCell cell, IReadOnlyList<ScoredMetric> scored, CancellationToken cancellationToken)
    {
        if (statistics.Resamples == 0) return [];
        PredictionCell exact = cell with { Name = $"{cell.Name} exactly", Files = cell.VerifyFiles };
        // A metric of files reads what belongs to the cell's own texts.
        IMetric[] metrics = [.. plan.Create(new BootstrapOptions(statistics.Seed, statistics.Resamples))
            .Where(m => m is IResampledMetric and not IFileMetric)];
        foreach (IModelMetric metric in metrics.OfType<IModelMetric>()) judges.Ask(metric, exact, null, cancellationToken);
        references.Rewind();
        foreach (ReferenceFile file in own.Values) file.Rewind();
        bool any = false;
        foreach (Prediction prediction in PredictionReader.Read(exact))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (references.Find(prediction.Id) is not { } reference) continue;
            any = true;
            MetricItem item = CellScoring.ItemOf(prediction, reference) with { Cancellation = cancellationToken };
            foreach (IMetric metric in metrics) CellScoring.Add(metric, item, own);
        }
        if (!any) return [];
        var all = new CellComparer(statistics with { Compare = ComparedCells.All });
        return all.Run([(cell.Name, [.. scored.Where(s => metrics.Any(m => m.Name == s.Metric.Name))]),
            (exact.Name, [.. metrics.Select(m => new ScoredMetric(m, m.Score()))])]);
    }
}
