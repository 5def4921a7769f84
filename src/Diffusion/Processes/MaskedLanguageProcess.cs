using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Contracts.Strategies;
using DiffusionBatch.Diffusion.Data;
using DiffusionBatch.Diffusion.Models;
using DiffusionBatch.Diffusion.Processes.Likelihoods;
using DiffusionBatch.Diffusion.Randomness;
using DiffusionBatch.Diffusion.Tokenization;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace DiffusionBatch.Diffusion.Processes;

/// <summary>
/// Masked-language-model training (Devlin et al. 2019, section 3.1): a share of a text's tokens is chosen; of these 8 in 10
/// become the mask, 1 in 10 any token, 1 in 10 stays; the loss is the mean over all chosen of -log p(x_0). Whole words are
/// chosen or left where that is asked for. Special tokens are never chosen.
/// </summary>
/// <param name="settings">Ratio and attention.</param>
/// <param name="specials">The special tokens.</param>
/// <param name="vocabularySize">V, from which any token is drawn.</param>
/// <param name="wordStarts">Whether a token begins a word, for whole words; null for tokens. // (V)</param>
/// <param name="newline">The token that ends a block, for blockwise attention; -1 when there is none.</param>
[Strategy("mlm", "trains a masked language model on texts: each line's `source` and `target`, one of which may be absent, packed one "
    + "after another",
    Settings = [nameof(ObjectiveSettings.Ratio), nameof(ObjectiveSettings.WholeWord)], Traits = [StrategyTraits.Texts])]
public sealed class MaskedLanguageProcess(ObjectiveSettings settings, SpecialTokens specials, int vocabularySize, bool[]? wordStarts,
    int newline = -1) : ITrainingProcess, ILikelihoodProcess
{
    const long Chosen = 0, Fate = 1, Token = 2;
    const double Masked = 0.8, Replaced = 0.9, DefaultRatio = 0.15;

    /// <summary>The process as a finetune makes it.</summary>
    internal MaskedLanguageProcess(ProcessContext context)
        : this(context.Settings, context.Specials, context.VocabularySize, context.Settings.WholeWord == true ? context.WordStarts() : null,
            context.Newline)
    {
    }

    /// <summary>The absorbing process's: it predicts masked tokens too.</summary>
    public static LikelihoodRule Likelihood => AbsorbingLikelihood.Rule;

    bool Shift => settings.Shift ?? false;

    /// <inheritdoc/>
    public NoisedBatch Noise(PairBatch batch, EncodedPairs pairs, long seed, long epoch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(pairs);
        var inputs = (long[])batch.Ids.Clone();
        var (positions, targets) = (new List<long>(), new List<long>());
        for (int b = 0; b < batch.Rows; b++)
        {
            var sample = CounterRandom.For(seed, pairs.Id(batch.Indices[b])).At(epoch);
            var (chosen, fate, token) = (sample.At(Chosen), sample.At(Fate), sample.At(Token));
            bool taken = false, inWord = false;
            for (int i = 0; i < batch.Lengths[b]; i++)
            {
                int at = b * batch.Columns + i, id = (int)inputs[at];
                if (specials.Contains(id))
                {
                    inWord = false;
                    continue;
                }
                // A word goes with its first token's draw.
                if (wordStarts is null || !inWord || wordStarts[id]) taken = chosen.Uniform(i) < (settings.Ratio ?? DefaultRatio);
                inWord = true;
                // Shifted, nothing stands before a first token that could tell it.
                if (!taken || Shift && i == 0) continue;
                positions.Add(at);
                targets.Add(id);
                double u = fate.Uniform(i);
                if (u < Masked) inputs[at] = specials.Mask;
                else if (u < Replaced) inputs[at] = token.Integer(i, vocabularySize);
            }
        }
        float[] weights = new float[positions.Count];
        Array.Fill(weights, 1f / Math.Max(1, weights.Length));
        return new NoisedBatch
        {
            Rows = batch.Rows,
            Columns = batch.Columns,
            InputIds = inputs,
            Lengths = batch.Lengths,
            PromptLengths = batch.PromptLengths,
            Masked = [.. positions],
            States = [.. Shift ? positions.Select(i => i - 1) : positions],
            Targets = [.. targets],
            Weights = weights,
            SmoothingWeights = weights,
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
        var seen = AttentionMasks.Of((settings.Attention ?? AttentionKind.Full), batch.InputIds, batch.Lengths, batch.PromptLengths,
            newline, device, batch.Annealing);
        var rows = model.HiddenRows(tensor(batch.InputIds, [batch.Rows, batch.Columns], device: device), seen,
            tensor(batch.States, device: device), batch.Parts); // (R, d)
        return F.cross_entropy(model.Logits(rows).to(float32), tensor(batch.Targets, device: device), label_smoothing: labelSmoothing)
            .MoveToOuterDisposeScope();
    }
}
