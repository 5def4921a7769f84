using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Contracts.Strategies;
using DiffusionBatch.Diffusion.Data;
using DiffusionBatch.Diffusion.Models;
using DiffusionBatch.Diffusion.Randomness;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace DiffusionBatch.Diffusion.Processes;

/// <summary>
/// Absorbing diffusion with RDM's loss (reference A.2-A.3): the response's tokens, its <c>&lt;/s&gt;</c> included, become the
/// mask with probability t / T; the network predicts them back;
/// <code>loss = 1 / (C B) * sum over copies of w(t) / (maskable tokens) * sum over masked positions of -log p(x_0)</code>
/// With label smoothing e the loss takes the factor 1 - e, and e T / (maskable tokens) times each masked position's mean over
/// the vocabulary of -log p is added, not weighted by w(t). The mask token stays in the softmax.
/// </summary>
/// <param name="settings">Times, weighting and attention.</param>
/// <param name="maskToken">M.</param>
/// <param name="newline">The token that ends a block, for blockwise attention; -1 when there is none.</param>
[Strategy("absorbing", "replaces the target's tokens by the mask token, more and more with the noise level",
    Settings = [nameof(ObjectiveSettings.Timesteps), nameof(ObjectiveSettings.Weighting), nameof(ObjectiveSettings.Coupled)])]
public sealed class AbsorbingProcess(ObjectiveSettings settings, int maskToken, int newline = -1) : ITrainingProcess
{
    /// <summary>The process as a finetune makes it.</summary>
    internal AbsorbingProcess(ProcessContext context) : this(context.Settings, context.Specials.Mask, context.Newline)
    {
    }

    bool Shift => settings.Shift ?? false;

    /// <inheritdoc/>
    public NoisedBatch Noise(PairBatch batch, EncodedPairs pairs, long seed, long epoch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(pairs);
        int copies = settings.Coupled ? 2 : 1, rows = batch.Rows;
        var times = new int[copies * rows];
        var masked = new bool[copies * rows * batch.Columns];
        for (int b = 0; b < rows; b++)
        {
            var sample = CounterRandom.For(seed, pairs.Id(batch.Indices[b])).At(epoch);
            // Shifted, nothing stands before a first token that could tell it.
            int start = Shift ? Math.Max(1, batch.PromptLengths[b]) : batch.PromptLengths[b], count = Math.Max(0, batch.Lengths[b] - start);
            var mask1 = masked.AsSpan(b * batch.Columns + start, count);
            if (!settings.Coupled)
            {
                times[b] = AbsorbingNoise.DrawTime(sample, settings.Timesteps);
                AbsorbingNoise.DrawMask(sample, times[b], settings.Timesteps, start, mask1);
                continue;
            }
            var (t1, t2) = AbsorbingNoise.DrawTimes(sample, settings.Timesteps);
            (times[b], times[rows + b]) = (t1, t2);
            AbsorbingNoise.DrawMask(sample, t1, settings.Timesteps, start, mask1);
            AbsorbingNoise.DrawSecondMask(sample, t1, t2, settings.Timesteps, start, mask1, masked.AsSpan((rows + b) * batch.Columns + start, count));
        }
        return Apply(batch, times, masked);
    }

    /// <summary>Replaces the masked positions of each copy by M and gathers what the loss needs.</summary>
    /// <param name="batch">x_0.</param>
    /// <param name="times">t of each copy of each row: the first copies, then the second. // (C * B)</param>
    /// <param name="masked">What is masked in each copy. // (C * B * N)</param>
    public NoisedBatch Apply(PairBatch batch, ReadOnlySpan<int> times, ReadOnlySpan<bool> masked)
    {
        ArgumentNullException.ThrowIfNull(batch);
        int rows = times.Length, n = batch.Columns, count = masked.Count(true);
        var inputs = new long[rows * n];
        var lengths = new int[rows];
        var prompts = new int[rows];
        var (positions, targets) = (new long[count], new long[count]);
        var (weights, smoothing) = (new float[count], new float[count]);
        int r = 0;
        for (int row = 0; row < rows; row++)
        {
            int b = row % batch.Rows;
            batch.Ids.AsSpan(b * n, n).CopyTo(inputs.AsSpan(row * n));
            (lengths[row], prompts[row]) = (batch.Lengths[b], batch.PromptLengths[b]);
            double share = 1.0 / ((double)(batch.Lengths[b] - batch.PromptLengths[b]) * rows);
            float weight = (float)(LossWeights.Of(settings.Weighting, settings.Timesteps, times[row]) * share), smooth = (float)(settings.Timesteps * share);
            for (int i = row * n; i < (row + 1) * n; i++)
            {
                if (!masked[i]) continue;
                (positions[r], targets[r], weights[r], smoothing[r]) = (i, inputs[i], weight, smooth);
                inputs[i] = maskToken;
                r++;
            }
        }
        return new NoisedBatch
        {
            Rows = rows,
            Columns = n,
            InputIds = inputs,
            Lengths = lengths,
            PromptLengths = prompts,
            Masked = positions,
            States = Shift ? Array.ConvertAll(positions, i => i - 1) : positions,
            Targets = targets,
            Weights = weights,
            SmoothingWeights = smoothing,
        };
    }

    /// <inheritdoc/>
    public Tensor? Loss(LanguageModel model, NoisedBatch batch, double labelSmoothing)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(batch);
        if (batch.Masked.Length == 0) return null;
        using var scope = NewDisposeScope();
        var device = model.Device;
        var x_t = tensor(batch.InputIds, [batch.Rows, batch.Columns], device: device); // (C B, N)
        var seen = AttentionMasks.Of((settings.Attention ?? AttentionKind.Full), batch.InputIds, batch.Lengths, batch.PromptLengths, newline, device, batch.Annealing);
        var rows = model.HiddenRows(x_t, seen, tensor(batch.States, device: device), batch.Parts); // (R, d)
        var logits = model.Logits(rows).to(float32); // (R, V)
        var x_0 = tensor(batch.Targets, device: device); // (R)
        var loss = (F.cross_entropy(logits, x_0, reduction: nn.Reduction.None) * tensor(batch.Weights, device: device)).sum();
        if (labelSmoothing > 0)
        {
            // Smoothed entirely, the cross entropy is the mean over the vocabulary of -log p.
            var uniform = F.cross_entropy(logits, x_0, reduction: nn.Reduction.None, label_smoothing: 1.0);
            loss = loss * (1 - labelSmoothing) + (uniform * tensor(batch.SmoothingWeights, device: device)).sum() * labelSmoothing;
        }
        return loss.MoveToOuterDisposeScope();
    }
}
