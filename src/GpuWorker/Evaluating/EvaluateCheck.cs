using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Evaluation;
using DiffusionBatch.Evaluation.Metrics;
using DiffusionBatch.Evaluation.Statistics;
using DiffusionBatch.Pipeline.Fingerprints;
using DiffusionBatch.Pipeline.Inputs;
using DiffusionBatch.Pipeline.Problems;
using DiffusionBatch.Pipeline.Results;

namespace DiffusionBatch.GpuWorker.Evaluating;

/// <summary>What is wrong with an evaluate job's metrics, and with predictions that they can't be had of.</summary>
internal static class EvaluateCheck
{
    /// <summary>Asks the registry, and joins what is there already as far as it takes to see that it can be scored.</summary>
    public static IReadOnlyList<Problem> Run(EvaluateManifest manifest, string root, IReadOnlySet<string> pending,
        CancellationToken cancellationToken)
    {
        MetricPlan plan;
        try
        {
            plan = MetricRegistry.Plan(manifest.Metrics);
        }
        catch (MetricException e)
        {
            return [.. e.Problems.Select(message => new Problem("", "/metrics", null, null, message))];
        }
        if (Fingerprint.IsPending(manifest.Predictions, pending) || Fingerprint.IsPending(manifest.References, pending)) return [];
        var problems = new List<Problem>();
        problems.AddRange(FindingTester.Unknown(manifest.Findings ?? [],
            [.. PredictionReader.Cells(Path.Combine(root, manifest.Predictions)).Select(c => c.Name)])
            .Select(message => new Problem("", "/findings", null, null, message)));
        using var references = new ReferenceFile(Path.Combine(root, manifest.References), manifest.References, cancellationToken);
        problems.AddRange(MetricModelsCheck.Run(manifest, root, pending, references, plan.Create(null)));
        foreach (PredictionCell cell in PredictionReader.Cells(Path.Combine(root, manifest.Predictions)))
        {
            var demanding = new List<IDemandingMetric>();
            foreach (IMetric metric in plan.Create(null))
                if (Opens(manifest, metric, root, cell, pending, problems) && metric is IDemandingMetric demands) demanding.Add(demands);
            if (manifest.Metrics.Any(m => m.Model is null && m.Name != "cost")
                && PredictionReader.Read(cell).FirstOrDefault(CellScoring.IsBare) is { } bare)
                problems.Add(CellScoring.Bare(bare with { File = Path.GetRelativePath(root, bare.File).Replace('\\', '/') }));
            problems.AddRange(new PairingCheck(manifest, root, references, cell, demanding).Run(cancellationToken));
        }
        return problems;
    }

    /// <summary>Whether what a metric's options name can be read for a cell; false as well where it is still to be made.</summary>
    static bool Opens(EvaluateManifest manifest, IMetric metric, string root, PredictionCell cell, IReadOnlySet<string> pending,
        List<Problem> problems)
    {
        if (metric is not IFileMetric file) return true;
        int index = manifest.Metrics.TakeWhile(m => m.Label != metric.Name).Count();
        MetricSpec spec = manifest.Metrics[index];
        if (new[] { spec.Likelihoods, spec.Features, spec.ReferenceFeatures }.Any(path => path is not null
            && Fingerprint.IsPending(path, pending))) return false;
        try
        {
            file.Open(root, cell.Name);
            return true;
        }
        catch (MetricException e)
        {
            // A file for all cells is read once a cell; what is wrong with it is said once.
            problems.AddRange(e.Problems.Select(message => new Problem("", $"/metrics/{index}", null, null, message))
                .Where(problem => !problems.Contains(problem)));
            return false;
        }
    }
}
