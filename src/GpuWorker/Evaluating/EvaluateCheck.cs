using DiffusionBatch.Evaluation.Metrics;
using DiffusionBatch.Pipeline.Manifests;
using DiffusionBatch.Pipeline.Problems;

namespace DiffusionBatch.GpuWorker.Evaluating;

/// <summary>What is wrong with an evaluate job's metrics.</summary>
internal static class EvaluateCheck
{
    /// <summary>Asks the registry.</summary>
    public static IReadOnlyList<Problem> Run(EvaluateManifest manifest)
    {
        try
        {
            MetricRegistry.Plan(manifest.Metrics.Select(MetricMapping.Map));
            return [];
        }
        catch (MetricException e)
        {
            return [.. e.Problems.Select(message => new Problem("", "/metrics", null, null, message))];
        }
    }
}
