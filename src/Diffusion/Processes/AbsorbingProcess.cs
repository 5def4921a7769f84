using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Contracts.Strategies;
using DiffusionBatch.Diffusion.Data;
using DiffusionBatch.Diffusion.Models;
using DiffusionBatch.Diffusion.Processes.Likelihoods;
using DiffusionBatch.Diffusion.Randomness;
using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Processes;

/// <summary>
/// Absorbing diffusion with RDM's loss (reference A.2-A.3): the response's tokens, its <c>&lt;/s&gt;</c> included, become the
/// mask with probability t / T; the network predicts them back;
/// <code>loss = 1 / (C B) * sum over copies of w(t) / (maskable tokens) * sum over masked positions of -log p(x_0)</code>
/// With label smoothing e the loss takes the factor 1 - e, and e T / (maskable tokens) times each masked position's mean over
/// the vocabulary of -log p is added, not weighted by w(t). The mask token stays in the softmax.
/// In continuous time (Sahoo et al. 2024, arXiv 2406.07524, equation 10; Nie et al. 2025, arXiv 2502.09992, equation 3) t is of (0.001, 1),
/// the mask's probability 1 - alpha(t), T is 1, and the reciprocal weighting makes the loss a bound of the negative log-likelihood.
/// </summary>
/// <param name="settings">Times, weighting and attention.</param>
/// <param name="maskToken">M.</param>
/// <param name="newline">The token that ends a block, for blockwise attention; -1 when there is none.</param>
[Strategy("absorbing", "replaces the target's tokens by the mask token, more and more with the noise level",
    Settings = [nameof(ObjectiveSettings.Timesteps),
    "weighting=linear|reciprocal|none|cart", nameof(ObjectiveSettings.CartP), nameof(ObjectiveSettings.Coupled),
    nameof(ObjectiveSettings.Time), nameof(ObjectiveSettings.Schedule), nameof(ObjectiveSettings.Times),
    nameof(ObjectiveSettings.Masking), nameof(ObjectiveSettings.Normalizer)])]
public sealed class AbsorbingProcess(ObjectiveSettings settings, int maskToken, int newline = -1) : ITrainingProcess, ILikelihoodProcess
{
    /// <summary>The process as a finetune makes it.</summary>
    internal AbsorbingProcess(ProcessContext context) : this(context.Settings, context.Specials.Mask, context.Newline)
    {
    }

    /// <inheritdoc/>
    public static LikelihoodRule Likelihood => AbsorbingLikelihood.Rule;

    bool Shift => settings.Shift ?? false;

    bool IsContinuous => settings.Time == TimeKind.Continuous;

    AlphaSchedule Schedule => settings.Schedule ?? AlphaSchedule.Linear;

    /// <inheritdoc/>
    public NoisedBatch Noise(PairBatch batch, EncodedPairs pairs, long seed, long epoch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(pairs);
        int copies = settings.Coupled ? 2 : 1, rows = batch.Rows;
        double[] weights = new double[copies * rows];
        bool[] masked = new bool[copies * rows * batch.Columns];
        for (int b = 0; b < rows; b++)
        {
            var sample = CounterRandom.For(seed, pairs.Id(batch.Indices[b])).At(epoch);
            // Shifted, nothing stands before a first token that could tell it.
            int start = Shift
                ? Math.Max(1, batch.PromptLengths[b])
                : batch.PromptLengths[b], count = Math.Max(0, batch.Lengths[b] - start), row = b;
            Span<bool> Mask(int copy) => masked.AsSpan((((copy * rows) + row) * batch.Columns) + start, count);
            if (IsContinuous) DrawContinuous(sample, copies, start, Mask, (copy, weight) => weights[(copy * rows) + row] = weight);
            else if (Schedule != AlphaSchedule.Linear)
                DrawScheduled(sample, copies, start, Mask, (copy, weight) => weights[(copy * rows) + row] = weight);
            else if (!settings.Coupled)
            {
                int t = AbsorbingNoise.DrawTime(sample, settings.Timesteps);
                weights[b] = LossWeights.Of(settings.Weighting, settings.Timesteps, t);
                AbsorbingNoise.DrawMask(sample, t, settings.Timesteps, start, Mask(0));
            }
            else
            {
                var (t1, t2) = AbsorbingNoise.DrawTimes(sample, settings.Timesteps);
                (weights[b], weights[rows + b]) =
                    (LossWeights.Of(settings.Weighting, settings.Timesteps, t1),
                        LossWeights.Of(settings.Weighting, settings.Timesteps, t2));
                AbsorbingNoise.DrawMask(sample, t1, settings.Timesteps, start, Mask(0));
                AbsorbingNoise.DrawSecondMask(sample, t1, t2, settings.Timesteps, start, Mask(0), Mask(1));
            }
        }
        return Apply(batch, weights, masked);
    }

    delegate Span<bool> MaskOf(int copy);

    /// <summary>Numbered times under a schedule that isn't linear; the copies' masks lie within each other.</summary>
    void DrawScheduled(CounterRandom sample, int copies, int start, MaskOf mask, Action<int, double> weigh)
    {
        var (t1, t2) = copies == 2
            ? AbsorbingNoise.DrawTimes(sample, settings.Timesteps)
            : (AbsorbingNoise.DrawTime(sample, settings.Timesteps), 0);
        for (int copy = 0; copy < copies; copy++)
        {
            int t = copy == 0 ? t1 : t2;
            weigh(copy, LossWeights.Of(settings.Weighting, Schedule, settings.Timesteps, t));
            AbsorbingNoise.DrawMask(sample, 1 - AlphaSchedules.Alpha(Schedule, (double)t / settings.Timesteps), start, mask(copy));
        }
    }

    /// <summary>Continuous times; the copies' masks lie within each other.</summary>
    void DrawContinuous(CounterRandom sample, int copies, int start, MaskOf mask, Action<int, double> weigh)
    {
        bool exact = settings.Masking == MaskDraws.ExactK;
        var times = NoiseTimes.Draw(AbsorbingNoise.TimesOf(sample), copies, settings.Times ?? TimeDraws.Independent,
            exact ? AlphaSchedule.Linear : Schedule);
        for (int copy = 0; copy < copies; copy++)
        {
            var positions = mask(copy);
            var (t, correction) = times[copy];
            if (exact)
            {
                // k / L stands for t (Nie et al. 2025, equation 14).
                int k = Math.Clamp((int)Math.Ceiling(t * positions.Length), Math.Min(1, positions.Length), positions.Length);
                AbsorbingNoise.DrawExactly(sample, k, start, positions);
                weigh(copy, k == 0 ? 0 : LossWeights.Of(settings.Weighting, AlphaSchedule.Linear, (double)k / positions.Length)
                    * correction);
                continue;
            }
            AbsorbingNoise.DrawMask(sample, 1 - AlphaSchedules.Alpha(Schedule, t), start, positions);
            weigh(copy, LossWeights.Of(settings.Weighting, Schedule, t) * correction);
        }
    }

    /// <summary>Replaces the masked positions of each copy by M and gathers what the loss needs.</summary>
    /// <param name="batch">x_0.</param>
    /// <param name="times">t of 1..T of each copy of each row: the first copies, then the second. // (C * B)</param>
    /// <param name="masked">What is masked in each copy. // (C * B * N)</param>
    public NoisedBatch Apply(PairBatch batch, ReadOnlySpan<int> times, ReadOnlySpan<bool> masked)
    {
        double[] weights = new double[times.Length];
        for (int row = 0; row < weights.Length; row++)
            weights[row] = LossWeights.Of(settings.Weighting, Schedule, settings.Timesteps, times[row]);
        return Apply(batch, weights, masked);
    }

    /// <summary>The same with the weights that the times have.</summary>
    /// <param name="batch">x_0.</param>
    /// <param name="weights">w(t) of each copy of each row: the first copies, then the second. // (C * B)</param>
    /// <param name="masked">What is masked in each copy. // (C * B * N)</param>
    public NoisedBatch Apply(PairBatch batch, ReadOnlySpan<double> weights, ReadOnlySpan<bool> masked)
    {
        ArgumentNullException.ThrowIfNull(batch);
        long[] inputs = new long[masked.Length];
        for (int i = 0; i < inputs.Length; i++) inputs[i] = masked[i] ? maskToken : batch.Ids[i % batch.Ids.Length];
        return Weighed(NoisedBatch.Of(batch, inputs, masked, weights, IsContinuous ? 1 : settings.Timesteps, settings.Normalizer
            ?? LossNormalizer.Sequence, Shift));
    }

    /// <summary>
    /// The batch whose positions are weighed by what stands around them, where the objective says so (<see cref="ContextWeights"/>).
    /// </summary>
    internal NoisedBatch Weighed(NoisedBatch noised)
    {
        if (settings.Weighting != LossWeighting.Cart) return noised;
        float[] weights = [.. noised.Weights];
        for (int row = 0, r = 0; row < noised.Rows; row++)
        {
            bool[] masked = new bool[noised.Lengths[row]];
            int first = r, from = row * noised.Columns;
            for (; r < weights.Length && noised.Masked[r] < from + noised.Columns; r++) masked[noised.Masked[r] - from] = true;
            double[] context = ContextWeights.Of(masked, settings.CartP ?? ContextWeights.Usual);
            for (int k = first; k < r; k++) weights[k] *= (float)context[noised.Masked[k] - from];
        }
        return noised with { Weights = weights };
    }

    /// <inheritdoc/>
    public Tensor? Loss(LanguageModel model, NoisedBatch batch, double labelSmoothing)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(batch);
        if (batch.Masked.Length == 0) return null;
        using var scope = NewDisposeScope();
        var logits = DenoisingLoss.Logits(model, batch, settings.Attention ?? AttentionKind.Full, newline);
        return DenoisingLoss.CrossEntropy(logits, batch, labelSmoothing).MoveToOuterDisposeScope();
    }
}
