using System.Diagnostics;
using DiffusionBatch.Diffusion.Models;
using DiffusionBatch.Diffusion.Sampling.Passes;

namespace DiffusionBatch.Diffusion.Sampling.Sweeps;

/// <summary>Asks the length predictor about prompts, in batches of one padded length.</summary>
internal static class LengthPasses
{
    /// <summary>Fills in the length logits of the given prompts.</summary>
    public static void Run(IDenoiser denoiser, IEnumerable<SharedPrompt> asking, int batchTokens, TimeProvider time, CostMeter meter)
    {
        SharedPrompt[] sorted = [.. asking.OrderBy(p => p.Item.PromptIds.Length)];
        for (int from = 0; from < sorted.Length;)
        {
            int to = from + 1;
            int columns = CanvasShape.Padded(sorted[from].Item.PromptIds.Length);
            while (to < sorted.Length && CanvasShape.Padded(sorted[to].Item.PromptIds.Length) == columns
                && (long)columns * (to - from + 1) <= batchTokens) to++;
            int[][] prompts = [.. sorted[from..to].Select(p => p.Item.PromptIds)];
            long started = time.GetTimestamp();
            var logits = denoiser.PredictLengths(prompts);
            double seconds = time.GetElapsedTime(started).TotalSeconds, tokens = prompts.Sum(p => p.Length);
            Debug.Assert(logits.Length == prompts.Length);
            for (int i = from; i < to; i++)
            {
                sorted[i].LengthLogits = logits[i - from];
                sorted[i].LengthSeconds = seconds * prompts[i - from].Length / tokens;
            }
            meter.Spent(seconds);
            from = to;
        }
    }
}
