using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Contracts.Strategies;
using DiffusionBatch.Diffusion.Data;
using DiffusionBatch.Diffusion.Models;
using DiffusionBatch.Diffusion.Processes.Likelihoods;
using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Processes;

/// <summary>
/// A language model that is trained left to right: no noise, and the loss of each response token, its <c>&lt;/s&gt;</c> included, given all
/// tokens before it, -log p(x_i | x_&lt;i), averaged over a sequence's and then over the batch's. Causal (Radford et al. 2019), or a
/// prefix language model (Raffel et al. 2020, section 3.2.1), whose prompt sees itself whole. The output at a position is for the token
/// after it.
/// </summary>
/// <param name="settings">Attention: causal or prefix.</param>
[Strategy(Name, "trains a language model from left to right on the responses, without noise: each token given those before "
    + "it; under the attention `prefix` a prompt sees itself whole",
    Settings = ["attention=causal|prefix", "shift=true"])]
public sealed class AutoregressiveProcess(ObjectiveSettings settings) : ITrainingProcess, ILikelihoodProcess
{
    /// <summary>The process as a finetune makes it.</summary>
    internal AutoregressiveProcess(ProcessContext context) : this(context.Settings)
    {
    }

    /// <summary>Its name in manifests.</summary>
    public const string Name = "autoregressive";

    /// <inheritdoc/>
    public static LikelihoodRule Likelihood { get; } = new((_, _) => new LeftToRightLikelihood());

    /// <summary>A response's tokens are blocks of their own.</summary>
    public int BlockLength => 1;

    /// <inheritdoc/>
    public NoisedBatch Noise(PairBatch batch, EncodedPairs pairs, long seed, long epoch) => Apply(batch);

    /// <summary>The batch as it stands, with its responses' tokens as targets.</summary>
    public static NoisedBatch Apply(PairBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var (positions, weights) = (new List<long>(), new List<float>());
        for (int b = 0; b < batch.Rows; b++)
        {
            // Nothing stands before a first token that could tell it.
            int start = Math.Max(1, batch.PromptLengths[b]), count = batch.Lengths[b] - start;
            for (int i = start; i < batch.Lengths[b]; i++)
            {
                positions.Add((long)b * batch.Columns + i);
                weights.Add((float)(1.0 / ((double)count * batch.Rows)));
            }
        }
        float[] shares = [.. weights];
        return new NoisedBatch
        {
            Rows = batch.Rows,
            Columns = batch.Columns,
            InputIds = batch.Ids,
            Lengths = batch.Lengths,
            PromptLengths = batch.PromptLengths,
            Masked = [.. positions],
            States = [.. positions.Select(i => i - 1)],
            Targets = [.. positions.Select(i => batch.Ids[i])],
            Weights = shares,
            SmoothingWeights = shares,
        };
    }

    /// <inheritdoc/>
    public Tensor? Loss(LanguageModel model, NoisedBatch batch, double labelSmoothing)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (batch.Masked.Length == 0) return null;
        using var scope = NewDisposeScope();
        return WeightedLoss.Of(Logits(model, batch), batch, labelSmoothing).MoveToOuterDisposeScope();
    }

    /// <summary>The exact -log p(response | prompt) of each sequence, in nats.</summary>
    /// <param name="model">The network, in evaluation mode.</param>
    /// <param name="batch">The sequences; each response's <c>&lt;/s&gt;</c> counts among its tokens.</param>
    /// <returns>The sum over a sequence's tokens, and their number. // (B)</returns>
    public (double[] Nats, int[] Tokens) NegativeLogLikelihood(LanguageModel model, PairBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var clean = Apply(batch);
        var (nats, tokens) = (new double[batch.Rows], new int[batch.Rows]);
        if (clean.Masked.Length == 0) return (nats, tokens);
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        double[] losses = WeightedLoss.CrossEntropies(Logits(model, clean), clean.Targets);
        for (int r = 0; r < losses.Length; r++)
        {
            int b = (int)(clean.Masked[r] / clean.Columns);
            nats[b] += losses[r];
            tokens[b]++;
        }
        return (nats, tokens);
    }

    /// <summary>The logits of the tokens of the loss. // (R, V) float32</summary>
    Tensor Logits(LanguageModel model, NoisedBatch batch)
    {
        ArgumentNullException.ThrowIfNull(model);
        using var scope = NewDisposeScope();
        var device = model.Device;
        var x = tensor(batch.InputIds, [batch.Rows, batch.Columns], device: device);
        var seen = AttentionMasks.Of(settings.Attention ?? AttentionKind.Causal, batch.InputIds, batch.Lengths, batch.PromptLengths,
            device: device, annealing: batch.Annealing, blockLength: BlockLength);
        var rows = model.HiddenRows(x, seen, tensor(batch.States, device: device), batch.Parts); // (R, d)
        return model.Logits(rows).to(float32).MoveToOuterDisposeScope();
    }
}
