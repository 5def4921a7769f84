using DiffusionBatch.Contracts.Manifests;
using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Models;

/// <summary>A model's forward pass as its architecture has it: its own attention and its own positions.</summary>
public static class OwnForward
{
    /// <summary>Logits asked for at once.</summary>
    const long LogitsAtOnce = 1 << 24;

    /// <summary>The logits of one row, a run of positions at a time.</summary>
    /// <param name="model">The model, in evaluation mode.</param>
    /// <param name="input_ids">// (N)</param>
    /// <param name="attention_mask">Which tokens there are; padding may stand anywhere. // (N)</param>
    /// <param name="take">Given the logits in order, (positions, V) row-major, N in all.</param>
    /// <param name="sigma">The noise level of a network that is told it: then log scores are given in place of logits; null:
    /// logits.</param>
    public static void Run(LanguageModel model, long[] input_ids, bool[] attention_mask, Action<Tensor> take, double? sigma = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(input_ids);
        ArgumentNullException.ThrowIfNull(attention_mask);
        ArgumentNullException.ThrowIfNull(take);
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        int n = input_ids.Length;
        var (family, device) = (model.Config.Family, model.Device);
        if (model is Bart bart)
        {
            Take(bart.OwnStates(input_ids, attention_mask).view(n, -1));
            return;
        }
        var seen = tensor(attention_mask, [1, n], device: device);
        if (family.OwnAttention(model.Config) == AttentionKind.Causal)
            seen = seen.unsqueeze(1).logical_and(ones([n, n], dtype: @bool, device: device).tril().unsqueeze(0)); // (1, N, N)
        var positions = family.PositionRows(model.Config, input_ids, n) is { } rows ? tensor(rows, [1, n], device: device) : null;
        Take(model.Hidden(tensor(input_ids, [1, n], device: device), seen, positions,
            sigma is { } told ? new CanvasParts([n], [0]) { Sigmas = [told] } : null).view(n, -1));

        void Take(Tensor hidden) // (N, d)
        {
            long step = Math.Max(1, LogitsAtOnce / model.VocabularySize);
            for (long at = 0; at < n; at += step)
            {
                using var inner = NewDisposeScope();
                int count = (int)Math.Min(step, n - at);
                var logits = model.Logits(hidden.narrow(0, at, count)); // (count, V)
                if (sigma is { } level) logits =
                    ((Sedd)model).LogScores(logits, input_ids[(int)at..((int)at + count)], [.. Enumerable.Repeat(level, count)]);
                take(logits.cpu());
            }
        }
    }
}
