using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Contracts.Strategies;
using DiffusionBatch.Diffusion.Data;
using DiffusionBatch.Diffusion.Models;
using DiffusionBatch.Diffusion.Randomness;
using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Processes;

/// <summary>
/// SUNDAE, step-unrolled denoising (Savinov et al. 2022, arXiv 2112.06749, section 2.2), which AR2Diff uses as well (Han et al. 2024): with
/// a rate drawn for each sequence, response tokens are replaced by uniformly random ones; the network predicts x_0, its own predictions
/// are drawn from and become the next step's input, without a gradient, and so on;
/// <code>loss = 1 / U * sum over the U steps of the mean over all response positions of -log p(x_0)</code>
/// There is no mask: all of a response counts, what was not replaced too. The prompt stays.
/// </summary>
/// <param name="settings">Steps, attention and shift.</param>
/// <param name="maskToken">M, which is never drawn; -1 for none.</param>
/// <param name="vocabularySize">V.</param>
/// <param name="newline">The token that ends a block, for blockwise attention; -1 when there is none.</param>
[Strategy("sundae", "replaces the target's tokens by random ones, and trains on the network's own predictions of them too, `unroll` "
    + "steps in all (SUNDAE; the objective of AR2Diff)",
    Settings = [nameof(ObjectiveSettings.Unroll)])]
public sealed class SundaeProcess(ObjectiveSettings settings, int maskToken, int vocabularySize, int newline = -1) : ITrainingProcess
{
    const int UsualSteps = 2;
    const long Rate = 0, Replaced = 1, Token = 2, Unrolled = 3;

    /// <summary>Probabilities that draws are taken from at once.</summary>
    const long WeightsAtOnce = 1 << 22;

    /// <summary>The process as a finetune makes it.</summary>
    internal SundaeProcess(ProcessContext context) : this(context.Settings, context.Specials.Mask, context.VocabularySize, context.Newline)
    {
    }

    int Steps => settings.Unroll ?? UsualSteps;

    bool Shift => settings.Shift ?? false;

    /// <inheritdoc/>
    public NoisedBatch Noise(PairBatch batch, EncodedPairs pairs, long seed, long epoch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(pairs);
        long[] inputs = [.. batch.Ids];
        var uniforms = new List<double>[Steps - 1];
        for (int k = 0; k < uniforms.Length; k++) uniforms[k] = [];
        for (int b = 0; b < batch.Rows; b++)
        {
            var sample = CounterRandom.For(seed, pairs.Id(batch.Indices[b])).At(epoch);
            double rate = sample.At(Rate).Uniform(0);
            for (int i = First(batch, b); i < batch.Lengths[b]; i++)
            {
                if (sample.At(Replaced).Uniform(i) < rate)
                    inputs[b * batch.Columns + i] = RandomTokens.Draw(sample.At(Token), i, vocabularySize, maskToken);
                for (int k = 0; k < uniforms.Length; k++) uniforms[k].Add(sample.At(Unrolled + k).Uniform(i));
            }
        }
        return Apply(batch, inputs, [.. uniforms.SelectMany(u => u)]);
    }

    /// <summary>A batch with its corrupted tokens, and what the loss needs.</summary>
    /// <param name="batch">x_0.</param>
    /// <param name="inputs">The corrupted tokens. // (B * N)</param>
    /// <param name="uniforms">What each further step's input is drawn with, step by step. // ((U - 1) * R), R response positions</param>
    public NoisedBatch Apply(PairBatch batch, long[] inputs, double[] uniforms)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var (positions, weights) = (new List<long>(), new List<float>());
        for (int b = 0; b < batch.Rows; b++)
        {
            int start = First(batch, b);
            for (int i = start; i < batch.Lengths[b]; i++)
            {
                positions.Add((long)b * batch.Columns + i);
                weights.Add((float)(1.0 / ((double)(batch.Lengths[b] - start) * batch.Rows)));
            }
        }
        float[] shares = [.. weights];
        return new NoisedBatch
        {
            Rows = batch.Rows,
            Columns = batch.Columns,
            InputIds = inputs,
            Lengths = batch.Lengths,
            PromptLengths = batch.PromptLengths,
            Masked = [.. positions],
            States = [.. Shift ? positions.Select(i => i - 1) : positions],
            Targets = [.. positions.Select(i => batch.Ids[i])],
            Weights = shares,
            SmoothingWeights = shares,
            Uniforms = uniforms,
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
        var seen = AttentionMasks.Of(settings.Attention ?? AttentionKind.Full, batch.InputIds, batch.Lengths, batch.PromptLengths,
            newline, device, batch.Annealing);
        var states = tensor(batch.States, device: device);
        long[] x = [.. batch.InputIds];
        Tensor? sum = null;
        for (int k = 0; k < Steps; k++)
        {
            var rows = model.HiddenRows(tensor(x, [batch.Rows, batch.Columns], device: device), seen, states, batch.Parts); // (R, d)
            var logits = model.Logits(rows).to(float32); // (R, V)
            var loss = WeightedLoss.Of(logits, batch, labelSmoothing);
            sum = sum is null ? loss : sum + loss;
            if (k + 1 == Steps) break;
            long[] drawn = Draw(logits, batch.Uniforms.AsSpan(k * batch.Masked.Length, batch.Masked.Length));
            for (int r = 0; r < drawn.Length; r++) x[batch.Masked[r]] = drawn[r];
        }
        return (sum! / Steps).MoveToOuterDisposeScope();
    }

    /// <summary>A token of each row by inversion in float64: the number of cumulative probabilities below its uniform.</summary>
    /// <param name="logits">// (R, V)</param>
    /// <param name="uniforms">// (R)</param>
    /// <returns>// (R)</returns>
    public static long[] Draw(Tensor logits, ReadOnlySpan<double> uniforms)
    {
        using var quiet = no_grad();
        long[] drawn = new long[uniforms.Length];
        int rows = (int)Math.Max(1, WeightsAtOnce / logits.size(1));
        for (int from = 0; from < drawn.Length; from += rows)
        {
            using var scope = NewDisposeScope();
            int count = Math.Min(rows, drawn.Length - from);
            var cumulative = logits.narrow(0, from, count).to(float64).softmax(1).cumsum(1);
            var u = tensor(uniforms.Slice(from, count).ToArray(), [count, 1], device: logits.device);
            (cumulative < u).sum(1).clamp_max(logits.size(1) - 1).cpu().data<long>().CopyTo(drawn.AsSpan(from, count));
        }
        return drawn;
    }

    // Shifted, nothing stands before a first token that could tell it.
    int First(PairBatch batch, int row) => Shift ? Math.Max(1, batch.PromptLengths[row]) : batch.PromptLengths[row];
}
