using System.Globalization;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Checkpoints;
using DiffusionBatch.Diffusion.Features;
using DiffusionBatch.Diffusion.Likelihood;
using DiffusionBatch.Diffusion.Models;
using DiffusionBatch.Diffusion.Tokenization;
using DiffusionBatch.Evaluation.Metrics;
using DiffusionBatch.GpuWorker.Models;
using DiffusionBatch.GpuWorker.Sampling;
using DiffusionBatch.Pipeline.Fingerprints;
using DiffusionBatch.Pipeline.Inputs;
using DiffusionBatch.Pipeline.Problems;
using DiffusionBatch.Pipeline.Roots;

namespace DiffusionBatch.GpuWorker.Evaluating;

/// <summary>What is wrong with the models that an evaluate job's metrics ask, before any is loaded.</summary>
internal static class MetricModelsCheck
{
    /// <summary>What is wrong with the models, and with references that they or other metrics can't read.</summary>
    public static IEnumerable<Problem> Run(EvaluateManifest manifest, string root, IReadOnlySet<string> pending, ReferenceFile references,
        IReadOnlyList<IMetric> metrics)
    {
        var first = references.All().FirstOrDefault();
        bool tokens = first is { Targets.Count: 0 };
        for (int i = 0; i < manifest.Metrics.Count; i++)
        {
            var spec = manifest.Metrics[i];
            string pointer = string.Create(CultureInfo.InvariantCulture, $"/metrics/{i}");
            if (spec.Model is not { } name)
            {
                if (tokens && spec.Name != "cost")
                    yield return new Problem(manifest.References, null, first!.Line, null,
                        $"the metric \"{spec.Label}\" needs texts, and the line has token ids alone; expected \"target\"");
                continue;
            }
            foreach (var problem in ShotsFile.Check(spec.Shots, root, pending)) yield return problem;
            if (Fingerprint.IsPending(name, pending)) continue;
            string folder = Path.Combine(root, name);
            var found = ModelProblems.Check(folder, name);
            foreach (var problem in found) yield return problem;
            if (found.Count == 0 && Refusal(folder, spec, metrics) is { } refusal)
                yield return new Problem("", $"{pointer}/model", null, null, refusal);
            if (found.Count == 0 && !tokens && TokenizerFolder.Open(folder) is null)
                yield return new Problem("", $"{pointer}/model", null, null,
                    $"{TokenizerNames.Missing(name)}, and the references are texts; expected \"promptIds\" and \"targetIds\"");
        }
    }

    // Of a model that is sound, why it can't give what the metric asks it for.
    static string? Refusal(string folder, MetricSpec spec, IReadOnlyList<IMetric> metrics) =>
        metrics.First(m => m.Name == spec.Label) is not IFeatureMetric
            ? LikelihoodScorer.Refusal(DiffusionSettings.Read(folder, []), spec.Timesteps is not null)
        : ModelConfig.Read(folder, []) is { } config ? FeatureExtractor.Refusal(config) : null;
}
