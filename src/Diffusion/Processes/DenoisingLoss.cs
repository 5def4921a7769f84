using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Models;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace DiffusionBatch.Diffusion.Processes;

/// <summary>
/// What losses of a noised batch have in common: the network's logits at the positions that are predicted, and their weighted cross
/// entropy.
/// </summary>
static class DenoisingLoss
{
    /// <summary>The logits at the predicted positions. // (R, V) float32</summary>
    public static Tensor Logits(LanguageModel model, NoisedBatch batch, AttentionKind attention, int newline)
    {
        var device = model.Device;
        var x_t = tensor(batch.InputIds, [batch.Rows, batch.Columns], device: device); // (C B, N)
        var seen = AttentionMasks.Of(attention, batch.InputIds, batch.Lengths, batch.PromptLengths, newline, device, batch.Annealing);
        var rows = model.HiddenRows(x_t, seen, tensor(batch.States, device: device), batch.Parts); // (R, d)
        return model.Logits(rows).to(float32); // (R, V)
    }

    /// <summary>
    /// The sum of the positions' weighted cross entropies, of which label smoothing e takes the share 1 - e and adds e of the smoothing's.
    /// </summary>
    public static Tensor CrossEntropy(Tensor logits, NoisedBatch batch, double labelSmoothing)
    {
        var device = logits.device;
        var x_0 = tensor(batch.Targets, device: device); // (R)
        var loss = (F.cross_entropy(logits, x_0, reduction: nn.Reduction.None) * tensor(batch.Weights, device: device)).sum();
        if (labelSmoothing == 0) return loss;
        // Smoothed entirely, the cross entropy is the mean over the vocabulary of -log p.
        var uniform = F.cross_entropy(logits, x_0, reduction: nn.Reduction.None, label_smoothing: 1.0);
        return loss * (1 - labelSmoothing) + (uniform * tensor(batch.SmoothingWeights, device: device)).sum() * labelSmoothing;
    }
}
