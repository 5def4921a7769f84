using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace DiffusionBatch.Diffusion.Processes;

/// <summary>The sum of weighted cross entropies that a batch's loss is, with label smoothing.</summary>
static class WeightedLoss
{
    /// <summary>
    /// <c>sum over r of (1 - e) w_r (-log p(x_0)) + e s_r mean over the vocabulary of (-log p)</c>.
    /// </summary>
    /// <param name="logits">// (R, V)</param>
    /// <param name="batch">Targets and weights.</param>
    /// <param name="labelSmoothing">e.</param>
    /// <param name="never">A token outside the softmax; -1 for none.</param>
    /// <returns>A scalar with its graph.</returns>
    public static Tensor Of(Tensor logits, NoisedBatch batch, double labelSmoothing, int never = -1)
    {
        using var scope = NewDisposeScope();
        var device = logits.device;
        if (never >= 0) logits = logits.index_fill(1, tensor(new long[] { never }, device: device), float.NegativeInfinity);
        var x_0 = tensor(batch.Targets, device: device); // (R)
        var loss = (F.cross_entropy(logits, x_0, reduction: nn.Reduction.None) * tensor(batch.Weights, device: device)).sum();
        if (labelSmoothing > 0)
        {
            long vocabulary = logits.size(1) - (never >= 0 ? 1 : 0);
            var uniform = logits.logsumexp(1) - (never >= 0 ? logits.masked_fill(logits.isneginf(), 0) : logits).sum(1) / vocabulary;
            loss = loss * (1 - labelSmoothing) + (uniform * tensor(batch.SmoothingWeights, device: device)).sum() * labelSmoothing;
        }
        return loss.MoveToOuterDisposeScope();
    }

    /// <summary>-log p(x_0) of each target, in nats, in float64.</summary>
    /// <param name="logits">// (R, V)</param>
    /// <param name="targets">// (R)</param>
    /// <param name="never">A token outside the softmax; -1 for none.</param>
    /// <returns>// (R)</returns>
    public static double[] CrossEntropies(Tensor logits, long[] targets, int never = -1)
    {
        using var scope = NewDisposeScope();
        logits = logits.to(float64);
        if (never >= 0) logits = logits.index_fill(1, tensor(new long[] { never }, device: logits.device), double.NegativeInfinity);
        return F.cross_entropy(logits, tensor(targets, device: logits.device), reduction: nn.Reduction.None).cpu().data<double>().ToArray();
    }
}
