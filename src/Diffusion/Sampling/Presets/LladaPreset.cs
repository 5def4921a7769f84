using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Contracts.Strategies;
using DiffusionBatch.Diffusion.Sampling.Steps;

namespace DiffusionBatch.Diffusion.Sampling.Presets;

/// <summary>
/// LLaDA's sampler (Nie et al. 2025, arXiv 2502.09992, algorithm 5; its published generate()): the steps are shared out among the
/// blocks, and each step of a block writes its share of the block's masks, the most certain first.
/// </summary>
[Strategy("llada", "shares `steps` out among blocks and writes each step's share of a block, the most probable tokens or at random",
    Settings = [nameof(SamplerSettings.BlockLength), "rank=probability|random", nameof(SamplerSettings.Guidance),
        nameof(SamplerSettings.TopK), nameof(SamplerSettings.TopP),
        nameof(SamplerSettings.EndAtEos), nameof(SamplerSettings.ForbidEos), nameof(SamplerSettings.EosLast),
        nameof(SamplerSettings.EndOfTurn), "cache=none|prefix|dual"])]
public sealed class LladaPreset : BlockPreset
{
    /// <inheritdoc/>
    public override bool IsRandom(SamplerSettings settings) => settings.Rank == ConfidenceRank.Random;

    /// <inheritdoc/>
    protected override ConfidenceRank RankOf(SamplerSettings settings) => settings.Rank ?? ConfidenceRank.Probability;

    /// <inheritdoc/>
    public override SlotNeed Need(in Denoising x)
    {
        var (from, to, _) = Share(x);
        return new SlotNeed(x.Mask, OpenOnly: true, from,
            to)
        { Statistics = x.Settings.EosLast is true ? RowStatistics.Logits : RowStatistics.None };
    }

    /// <inheritdoc/>
    public override void Step(in Denoising x, ReadOnlySpan<int> predicted, ReadOnlySpan<float> scores, StepBuffers buffers)
    {
        var (from, to, count) = Share(x);
        var ranked = Ranked(x, from, to, x.Settings.EosLast is true ? WithoutClosing(x, from, to, predicted, scores) : scores, buffers);
        Write(x, ranked[..Math.Min(count, ranked.Length)], predicted, scores, buffers);
    }

    // Log-probabilities under a softmax without the closing tokens: minus infinity where one of them was chosen. (The published flag,
    // confidence_eos_eot_inf, takes their probability away after the choice.)
    static float[] WithoutClosing(in Denoising x, int from, int to, ReadOnlySpan<int> predicted, ReadOnlySpan<float> scores)
    {
        var ranks = new float[scores.Length];
        for (int i = from; i < to; i++)
        {
            if (x.Slots[i] != x.Mask) continue;
            var (logits, logNormalizer) = x.RowOf(i);
            double closing = 0;
            foreach (int token in (ReadOnlySpan<int>)[x.Eos, x.Settings.EndOfTurn ?? -1])
            {
                if (token < 0 || token >= logits.Length) continue;
                closing += Math.Exp((double)logits.Span[token] - logNormalizer);
                if (token == predicted[i]) closing = 1;
            }
            ranks[i] = closing >= 1 ? float.NegativeInfinity : (float)(scores[i] - Math.Log(1 - closing));
        }
        return ranks;
    }

    // B = ceil(N / blockLength) blocks; each has S div B steps, the first S mod B one more, at least one; of n masks over s steps
    // each step writes n div s, the first n mod s one more.
    static (int From, int To, int Count) Share(in Denoising x)
    {
        int n = x.Slots.Length, length = Length(x.Settings, n), blocks = (n + length - 1) / length, step = x.Step - 1;
        for (int b = 0; b < blocks; b++)
        {
            int steps = StepsOf(x, b);
            if (step < steps || b == blocks - 1)
            {
                int from = b * length, to = Math.Min(n, from + length), masks = to - from;
                return (from, to, Quota(masks, steps, step));
            }
            step -= steps;
        }
        return (0, 0, 0);
    }
}
