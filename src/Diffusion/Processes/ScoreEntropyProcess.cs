using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Contracts.Strategies;
using DiffusionBatch.Diffusion.Data;
using DiffusionBatch.Diffusion.Models;
using DiffusionBatch.Diffusion.Processes.Likelihoods;
using DiffusionBatch.Diffusion.Randomness;
using DiffusionBatch.Diffusion.Scores;
using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Processes;

/// <summary>
/// SEDD (Lou et al. 2024, arXiv 2310.16834, sections 3.2 and 3.3): at a time t of (0.001, 1) each token of the response has been noised
/// with probability 1 - exp(-sigma(t)), and the network learns the ratios back by denoising score entropy, weighted so that it bounds the
/// likelihood:
/// <code>loss = 1 / B * sum over sequences of sigma'(t) * sum over positions of SE(log s, sigma(t), x_t, x_0)</code>
/// A prompt stays clean and has no loss.
/// </summary>
/// <param name="diffusion">The graph and the noise.</param>
/// <param name="attention">Which positions see which.</param>
/// <param name="newline">The token that ends a block, for blockwise attention; -1 when there is none.</param>
[Strategy(Absorb, "SEDD's score entropy; noise masks tokens; for the architecture `sedd`",
    Settings = [nameof(ObjectiveSettings.NoiseSchedule), nameof(ObjectiveSettings.SigmaMin), nameof(ObjectiveSettings.SigmaMax)],
    Traits = [StrategyTraits.Scores])]
[Strategy(Uniform, "SEDD's score entropy; noise replaces tokens by any of the vocabulary; for the architecture `sedd`",
    Settings = [nameof(ObjectiveSettings.NoiseSchedule), nameof(ObjectiveSettings.SigmaMin), nameof(ObjectiveSettings.SigmaMax)],
    Traits = [StrategyTraits.Scores])]
public sealed class ScoreEntropyProcess(ScoreDiffusion diffusion, AttentionKind attention = AttentionKind.Full, int newline = -1)
    : ITrainingProcess, ILikelihoodProcess
{
    /// <summary>The processes' names.</summary>
    public const string Absorb = "sedd-absorb", Uniform = "sedd-uniform";

    /// <inheritdoc/>
    public static LikelihoodRule Likelihood { get; } =
        new((model, _) => new ScoreBound((Sedd)model.Model, model.Attention, model.Newline, model.Closing));

    /// <summary>The earliest time of training.</summary>
    const double FirstTime = 1e-3;

    const long Time = 0, Moves = 1, Tokens = 2;

    /// <summary>The process as a finetune makes it: the network's own.</summary>
    internal ScoreEntropyProcess(ProcessContext context)
        : this(context.Diffusion ?? throw new ArgumentException("The network gives no scores.", nameof(context)), context.Settings.Attention
            ?? AttentionKind.Full, context.Newline)
    {
    }

    /// <inheritdoc/>
    public NoisedBatch Noise(PairBatch batch, EncodedPairs pairs, long seed, long epoch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(pairs);
        var samples = Array.ConvertAll(batch.Indices, i => CounterRandom.For(seed, pairs.Id(i)).At(epoch));
        var ids = (long[])batch.Ids.Clone();
        var times = Array.ConvertAll(samples, s => FirstTime + (1 - FirstTime) * s.At(Time).Uniform(0));
        for (int b = 0; b < batch.Rows; b++)
            Replace(ids.AsSpan(b * batch.Columns, batch.Lengths[b])[batch.PromptLengths[b]..], batch.PromptLengths[b],
                diffusion.Noise.Sigma(times[b]), samples[b]);
        return Apply(batch, times, ids);
    }

    /// <summary>Noises tokens in place; a token's fate depends on its position and the stream alone.</summary>
    internal void Replace(Span<long> tokens, int position, double sigma, CounterRandom sample)
    {
        double rate = -ScoreGraph.Expm1(-sigma);
        var (moves, noise) = (sample.At(Moves), sample.At(Tokens));
        for (int i = 0; i < tokens.Length; i++)
            if (moves.Uniform(position + i) < rate) tokens[i] = diffusion.Graph.Noised(noise.Uniform(position + i));
    }

    /// <summary>Gathers what the loss needs of sequences that were noised.</summary>
    /// <param name="batch">x_0.</param>
    /// <param name="times">t of each row. // (B)</param>
    /// <param name="x_t">The noised ids. // (B * N)</param>
    public NoisedBatch Apply(PairBatch batch, double[] times, long[] x_t)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(x_t);
        var (positions, weights) = (new List<long>(), new List<float>());
        for (int b = 0; b < batch.Rows; b++)
        {
            float weight = (float)(diffusion.Noise.Rate(times[b]) / batch.Rows);
            for (int i = b * batch.Columns + batch.PromptLengths[b]; i < b * batch.Columns + batch.Lengths[b]; i++)
            {
                if (!diffusion.Graph.IsLearned((int)x_t[i])) continue;
                positions.Add(i);
                weights.Add(weight);
            }
        }
        long[] learned = [.. positions];
        return new NoisedBatch
        {
            Rows = batch.Rows,
            Columns = batch.Columns,
            InputIds = x_t,
            Lengths = batch.Lengths,
            PromptLengths = batch.PromptLengths,
            Sigmas = Array.ConvertAll(times, diffusion.Noise.Sigma),
            Masked = learned,
            States = learned,
            Targets = Array.ConvertAll(learned, i => batch.Ids[i]),
            Weights = [.. weights],
            SmoothingWeights = [.. weights],
        };
    }

    /// <inheritdoc/>
    public Tensor? Loss(LanguageModel model, NoisedBatch batch, double labelSmoothing)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(batch);
        if (batch.Masked.Length == 0) return null;
        using var scope = NewDisposeScope();
        return (Entropies((Sedd)model, batch) * tensor(batch.Weights, device: model.Device)).sum().MoveToOuterDisposeScope();
    }

    /// <summary>The score entropy of each learned position. // (R)</summary>
    internal Tensor Entropies(Sedd model, NoisedBatch batch)
    {
        using var scope = NewDisposeScope();
        var (logScores, sigmas, current) = LogScores(model, batch);
        return diffusion.Graph.ScoreEntropy(logScores, sigmas, current, batch.Targets).MoveToOuterDisposeScope();
    }

    /// <summary>log s at each learned position, with sigma and x_t there. // (R, V)</summary>
    internal (Tensor LogScores, double[] Sigmas, long[] Current) LogScores(Sedd model, NoisedBatch batch)
    {
        using var scope = NewDisposeScope();
        var device = model.Device;
        var x_t = tensor(batch.InputIds, [batch.Rows, batch.Columns], device: device); // (B, N)
        var seen = AttentionMasks.Of(attention, batch.InputIds, batch.Lengths, batch.PromptLengths, newline, device, batch.Annealing);
        var rows = model.HiddenRows(x_t, seen, tensor(batch.Masked, device: device), batch.Parts); // (R, d)
        double[] sigmas = Array.ConvertAll(batch.Masked, i => batch.Sigmas![i / batch.Columns]);
        long[] current = Array.ConvertAll(batch.Masked, i => batch.InputIds[i]);
        return (model.LogScores(model.Logits(rows), current, sigmas).MoveToOuterDisposeScope(), sigmas, current);
    }
}
