using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Contracts.Strategies;
using DiffusionBatch.Diffusion.Sampling.Steps;

namespace DiffusionBatch.Diffusion.Sampling.Presets;

/// <summary>
/// The entropy-bounded sampler (Ben-Hamu et al. 2025, arXiv 2505.24857, section 4): the longest prefix of the ranking whose entropies,
/// summed without the largest, stay within a bound on what writing them together costs; at least one.
/// </summary>
[Strategy("entropy-bound", "writes as many positions, in the order of `rank`, as keep the sum of their entropies without the largest "
    + "within `entropyBound`",
    Settings = [nameof(SamplerSettings.EntropyBound), nameof(SamplerSettings.EndAtEos), "rank=entropy|probability|margin"])]
public sealed class EntropyBoundPreset : BlockPreset
{
    const double Usual = 0.1;

    /// <inheritdoc/>
    protected override ConfidenceRank RankOf(SamplerSettings settings) => settings.Rank ?? ConfidenceRank.Entropy;

    /// <inheritdoc/>
    protected override RowStatistics Statistics(ConfidenceRank rank) => base.Statistics(rank) | RowStatistics.Entropy;

    /// <inheritdoc/>
    public override void Step(in Denoising x, ReadOnlySpan<int> predicted, ReadOnlySpan<float> scores, StepBuffers buffers)
    {
        var ranked = Ranked(x, 0, x.Slots.Length, scores, buffers);
        int count = 0;
        double sum = 0, largest = 0;
        foreach (var (_, i) in ranked)
        {
            sum += x.Entropies[i];
            largest = Math.Max(largest, x.Entropies[i]);
            if (count > 0 && sum - largest > (x.Settings.EntropyBound ?? Usual)) break;
            count++;
        }
        Write(x, ranked[..count], predicted, scores, buffers);
    }
}
