using System.Collections;
using System.Globalization;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Evaluation.Metrics;
using DiffusionBatch.Pipeline.Files;
using DiffusionBatch.Pipeline.Inputs;
using DiffusionBatch.Pipeline.Problems;
using DiffusionBatch.Pipeline.Results;

namespace DiffusionBatch.GpuWorker.Evaluating;

/// <summary>
/// Joins one cell's predictions with the references before any work, to see whether there is anything to score. It ends at
/// the first pair, unless a metric needs something of every line.
/// </summary>
/// <param name="manifest">The job.</param>
/// <param name="root">The storage root.</param>
/// <param name="references">The job's references, which are sound; read once for all cells.</param>
/// <param name="cell">The predictions; their lines are sound.</param>
/// <param name="metrics">The metrics that need more than texts, opened.</param>
internal sealed class PairingCheck(EvaluateManifest manifest, string root, ReferenceFile references, PredictionCell cell,
    IReadOnlyList<IDemandingMetric> metrics)
{
    readonly Dictionary<string, (Prediction First, string Lack, long Others)> _lacks = new(StringComparer.Ordinal); // by label

    /// <summary>What is wrong; a metric's lack is told once, at the first line that has it.</summary>
    public IReadOnlyList<Problem> Run(CancellationToken cancellationToken)
    {
        var seen = new BitArray(references.Count);
        bool paired = false;
        foreach (Prediction prediction in PredictionReader.Read(cell))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (references.Find(prediction.Id) is not { } reference || seen[(int)reference.Index]) continue;
            paired = seen[(int)reference.Index] = true;
            if (metrics.Count == 0) break;
            MetricItem item = CellScoring.ItemOf(prediction, reference);
            foreach (IDemandingMetric metric in metrics)
                if (metric.Lack(item) is { } lack)
                    _lacks[metric.Name] = _lacks.TryGetValue(metric.Name, out var known)
                        ? known with { Others = known.Others + 1 }
                        : (prediction, lack, 0);
        }
        if (!paired) return [Problem.OfFile(manifest.Predictions, $"cell {cell.Name} has no id that is in {manifest.References}")];
        return [.. _lacks.Select(entry => Lacking(entry.Key, entry.Value.First, entry.Value.Lack, entry.Value.Others))];
    }

    Problem Lacking(string metric, Prediction first, string lack, long others)
    {
        string file = FolderFiles.Name(root, first.File!);
        string more = others == 0
            ? ""
            : string.Create(CultureInfo.InvariantCulture, $"; {others} other item{(others == 1 ? " lacks" : "s lack")} it too");
        return new Problem(file, null, first.Line, null, $"the metric \"{metric}\" can't be had: item \"{first.Id}\" {lack}{more}");
    }
}
