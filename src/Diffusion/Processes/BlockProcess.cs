using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Contracts.Strategies;
using DiffusionBatch.Diffusion.Data;
using DiffusionBatch.Diffusion.Models;
using DiffusionBatch.Diffusion.Models.Layers;
using DiffusionBatch.Diffusion.Processes.Likelihoods;
using DiffusionBatch.Diffusion.Randomness;
using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Processes;

/// <summary>
/// Block diffusion, BD3-LM (Arriola et al. 2025, arXiv 2503.09573): autoregressive over blocks, absorbing diffusion within each. One pass
/// over [x_t ; x_0] gives every block its clean predecessors (section 3.1, algorithm 1);
/// <code>loss = mean over sequences of 1 / (maskable tokens) * sum over masked positions of -log p(x_0) / t(block)</code>
/// with t of each block uniform on an interval (clipped: section 5.3). The mask token is outside the softmax. Blocks are counted from the
/// canvas's first token; the prompt is never masked.
/// </summary>
/// <param name="settings">Block length, the interval of times, shift.</param>
/// <param name="maskToken">M.</param>
[Strategy("block", "block diffusion (BD3-LM): masks each block of `blockLength` tokens at a noise level of its own and predicts it from "
    + "what is left of it and from the blocks before, which are clean",
    Settings = [nameof(ObjectiveSettings.BlockLength), nameof(ObjectiveSettings.MinTime), nameof(ObjectiveSettings.MaxTime),
        "attention=causal"])]
public sealed class BlockProcess(ObjectiveSettings settings, int maskToken) : ITrainingProcess, ILikelihoodProcess
{
    const int UsualLength = 4;
    const double Earliest = 1e-3;

    /// <summary>The process as a finetune makes it.</summary>
    internal BlockProcess(ProcessContext context) : this(context.Settings, context.Specials.Mask)
    {
    }

    /// <inheritdoc/>
    public static LikelihoodRule Likelihood { get; } = new((model, _) => new BlockBound(model.Model,
        new BlockProcess(new ObjectiveSettings { BlockLength = model.BlockLength, Shift = model.Shift }, model.Specials.Mask),
        model.Specials.Pad, model.Closing));

    /// <inheritdoc/>
    public int BlockLength => settings.BlockLength ?? UsualLength;

    bool Shift => settings.Shift ?? false;

    /// <inheritdoc/>
    public NoisedBatch Noise(PairBatch batch, EncodedPairs pairs, long seed, long epoch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(pairs);
        int blocks = Blocks(batch.Columns);
        var times = new double[batch.Rows * blocks];
        bool[] masked = new bool[batch.Rows * batch.Columns];
        for (int b = 0; b < batch.Rows; b++)
        {
            var sample = CounterRandom.For(seed, pairs.Id(batch.Indices[b])).At(epoch);
            var t = times.AsSpan(b * blocks, Blocks(batch.Lengths[b]));
            BlockNoise.DrawTimes(sample, settings.MinTime ?? Earliest, settings.MaxTime ?? 1, t);
            for (int i = First(batch, b); i < batch.Lengths[b]; i++)
                masked[b * batch.Columns + i] = BlockNoise.IsMasked(sample, i, t[i / BlockLength]);
        }
        return Apply(batch, times, masked);
    }

    /// <summary>Replaces the masked positions by M and gathers what the loss needs.</summary>
    /// <param name="batch">x_0.</param>
    /// <param name="times">t of each block of each row. // (B * ceil(N / block length))</param>
    /// <param name="masked">What is masked. // (B * N)</param>
    public NoisedBatch Apply(PairBatch batch, ReadOnlySpan<double> times, ReadOnlySpan<bool> masked)
    {
        ArgumentNullException.ThrowIfNull(batch);
        int n = batch.Columns, blocks = Blocks(n), count = masked.Count(true);
        long[] inputs = [.. batch.Ids];
        var (positions, states, targets) = (new long[count], new long[count], new long[count]);
        var (weights, smoothing) = (new float[count], new float[count]);
        for (int b = 0, r = 0; b < batch.Rows; b++)
        {
            double share = 1.0 / ((double)(batch.Lengths[b] - batch.PromptLengths[b]) * batch.Rows);
            for (int i = 0; i < n; i++)
            {
                int at = b * n + i;
                if (!masked[at]) continue;
                (positions[r], targets[r], states[r]) = (at, inputs[at], (b * 2L * n) + State(i, n));
                (weights[r], smoothing[r]) = ((float)(share / times[b * blocks + i / BlockLength]), (float)share);
                inputs[at] = maskToken;
                r++;
            }
        }
        return new NoisedBatch
        {
            Rows = batch.Rows,
            Columns = n,
            InputIds = inputs,
            Lengths = batch.Lengths,
            PromptLengths = batch.PromptLengths,
            Masked = positions,
            States = states,
            Targets = targets,
            Weights = weights,
            SmoothingWeights = smoothing,
        };
    }

    /// <inheritdoc/>
    public Tensor? Loss(LanguageModel model, NoisedBatch batch, double labelSmoothing)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (batch.Masked.Length == 0) return null;
        using var scope = NewDisposeScope();
        return WeightedLoss.Of(Logits(model, batch), batch, labelSmoothing, maskToken).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// An unbiased estimate of the bound on -log p(response | prompt) of each sequence, in nats: of each block's n maskable tokens k,
    /// uniform on 1..n, are masked, a uniformly random subset, and their cross entropies are multiplied by n / k. Exact for blocks of one
    /// token.
    /// </summary>
    /// <param name="model">The network, in evaluation mode.</param>
    /// <param name="batch">The sequences; each response's <c>&lt;/s&gt;</c> counts among its tokens.</param>
    /// <param name="pairs">Where they come from.</param>
    /// <param name="seed">The seed of the draws.</param>
    /// <param name="draw">The number of the estimate; independent ones average out.</param>
    /// <returns>The estimates, and the number of tokens. // (B)</returns>
    public (double[] Nats, int[] Tokens) NegativeLogLikelihoodBound(
        LanguageModel model, PairBatch batch, EncodedPairs pairs, long seed, long draw)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(pairs);
        int n = batch.Columns, blocks = Blocks(n);
        var scales = new double[batch.Rows * blocks];
        bool[] masked = new bool[batch.Rows * n];
        var (nats, tokens) = (new double[batch.Rows], new int[batch.Rows]);
        for (int b = 0; b < batch.Rows; b++)
        {
            var sample = CounterRandom.For(seed, pairs.Id(batch.Indices[b])).At(draw);
            for (int from = First(batch, b); from < batch.Lengths[b];)
            {
                int block = from / BlockLength, to = Math.Min(batch.Lengths[b], (block + 1) * BlockLength), maskable = to - from;
                int k = 1 + sample.At(0).Integer(block, maskable);
                int[] order = [.. Enumerable.Range(from, maskable).OrderBy(i => sample.At(1).Bits(i))];
                foreach (int i in order[..k]) masked[b * n + i] = true;
                scales[b * blocks + block] = (double)k / maskable; // 1 / t
                tokens[b] += maskable;
                from = to;
            }
        }
        var noised = Apply(batch, scales, masked);
        if (noised.Masked.Length == 0) return (nats, tokens);
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        double[] losses = WeightedLoss.CrossEntropies(Logits(model, noised), noised.Targets, maskToken);
        for (int r = 0; r < losses.Length; r++)
        {
            var (b, i) = Math.DivRem((int)noised.Masked[r], n);
            nats[b] += losses[r] / scales[b * blocks + i / BlockLength];
        }
        return (nats, tokens);
    }

    /// <summary>The logits at the masked positions, of the pass over [x_t ; x_0]. // (R, V) float32</summary>
    Tensor Logits(LanguageModel model, NoisedBatch batch)
    {
        ArgumentNullException.ThrowIfNull(model);
        using var scope = NewDisposeScope();
        int n = batch.Columns;
        long[] clean = [.. batch.InputIds];
        for (int r = 0; r < batch.Masked.Length; r++) clean[batch.Masked[r]] = batch.Targets[r];
        var (ids, places) = (new long[2 * clean.Length], new long[2 * clean.Length]);
        for (int b = 0; b < batch.Rows; b++)
        {
            batch.InputIds.AsSpan(b * n, n).CopyTo(ids.AsSpan(2 * b * n));
            clean.AsSpan(b * n, n).CopyTo(ids.AsSpan((2 * b + 1) * n));
            for (int i = 0; i < 2 * n; i++) places[2 * b * n + i] = i % n;
        }
        var device = model.Device;
        var x = tensor(ids, [batch.Rows, 2 * n], device: device);
        var seen = tensor(BlockAttention.TwoHalves(batch.Lengths, n, BlockLength), [batch.Rows, 2 * n, 2 * n], device: device);
        var rows = model.HiddenRowsIn(new PassContext(places, 2 * n, device), x, seen, tensor(batch.States, device: device)); // (R, d)
        return model.Logits(rows).to(float32).MoveToOuterDisposeScope();
    }

    // Shifted, a block's first token is told by the state before it, which is clean: the block before is finished when it is written.
    long State(int i, int columns) => !Shift ? i : i % BlockLength == 0 ? columns + i - 1 : i - 1;

    // Shifted, nothing stands before a first token that could tell it.
    int First(PairBatch batch, int row) => Shift ? Math.Max(1, batch.PromptLengths[row]) : batch.PromptLengths[row];

    int Blocks(int tokens) => (tokens + BlockLength - 1) / BlockLength;
}
