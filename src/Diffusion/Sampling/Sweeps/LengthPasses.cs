using System.Diagnostics;
using DiffusionBatch.Diffusion.Models;
using DiffusionBatch.Diffusion.Sampling.Passes;

namespace DiffusionBatch.Diffusion.Sampling.Sweeps;

/// <summary>Asks the length predictor about the prompts of newly admitted items, in batches of one padded length.</summary>
internal static class LengthPasses
{
    /// <summary>Fills in the length logits of the given items.</summary>
    public static void Run(IDenoiser denoiser, List<ItemRun> items, int batchTokens, TimeProvider time, CostMeter meter)
    {
        items.Sort((a, b) => (a.Item.PromptIds.Length, a.Index).CompareTo((b.Item.PromptIds.Length, b.Index)));
        for (int from = 0; from < items.Count;)
        {
            int to = from + 1;
            int columns = CanvasShape.Padded(items[from].Item.PromptIds.Length);
            while (to < items.Count && CanvasShape.Padded(items[to].Item.PromptIds.Length) == columns
                && (long)columns * (to - from + 1) <= batchTokens) to++;
            var prompts = items.GetRange(from, to - from).ConvertAll(i => i.Item.PromptIds);
            long started = time.GetTimestamp();
            var logits = denoiser.PredictLengths(prompts);
            double seconds = time.GetElapsedTime(started).TotalSeconds, tokens = prompts.Sum(p => p.Length);
            Debug.Assert(logits.Length == prompts.Count);
            for (int i = from; i < to; i++)
            {
                items[i].LengthLogits = logits[i - from];
                items[i].LengthSeconds = seconds * prompts[i - from].Length / tokens;
            }
            meter.Spent(seconds);
            from = to;
        }
    }
}
