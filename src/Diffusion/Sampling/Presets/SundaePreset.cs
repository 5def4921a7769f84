using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Contracts.Strategies;
using DiffusionBatch.Diffusion.Randomness;
using DiffusionBatch.Diffusion.Sampling.Steps;

namespace DiffusionBatch.Diffusion.Sampling.Presets;

/// <summary>
/// SUNDAE's sampling (Savinov et al. 2022, arXiv 2112.06749, section 2.3): from uniformly random tokens on each step proposes a token
/// everywhere, the most probable or a drawn one, and a random share of the slots takes over its proposal. A response that a step leaves
/// as it is is finished.
/// </summary>
[Strategy("sundae", "starts from random tokens and in each step writes its proposals over a random share of all positions, until a step "
    + "changes nothing or `steps` are taken",
    Settings = [nameof(SamplerSettings.UpdateProportion), nameof(SamplerSettings.MinSteps)])]
public class SundaePreset : SamplerPreset
{
    /// <inheritdoc/>
    public override bool IsRandom(SamplerSettings settings) => true;

    /// <inheritdoc/>
    public override object Remember(in Denoising start) => new Rest();

    /// <inheritdoc/>
    public override void Begin(in Denoising x)
    {
        for (int i = 0; i < x.Slots.Length; i++) x.Slots[i] = RandomTokens.Draw(x.Draws, i, x.Vocabulary, x.Mask);
        x.WrittenScores.Fill(-MathF.Log(x.Mask < 0 ? x.Vocabulary : x.Vocabulary - 1));
    }

    /// <inheritdoc/>
    public override bool IsSettled(in Denoising x) => x.Step > x.Settings.Steps || ((Rest)x.Memory!).IsReached;

    /// <inheritdoc/>
    public override SlotNeed Need(in Denoising x) => SlotNeed.All(x, openOnly: false);

    /// <inheritdoc/>
    public override void Step(in Denoising x, ReadOnlySpan<int> predicted, ReadOnlySpan<float> scores, StepBuffers buffers)
    {
        buffers.Clear();
        bool same = true;
        for (int i = 0; i < x.Slots.Length; i++)
        {
            if (!TakesOver(x, i)) continue;
            same &= x.Slots[i] == predicted[i];
            (x.Slots[i], x.WrittenScores[i]) = (predicted[i], scores[i]);
            buffers.Written.Add(new(i, predicted[i], scores[i]));
        }
        if (same && x.Step > (x.Settings.MinSteps ?? 0)) ((Rest)x.Memory!).IsReached = true;
    }

    /// <summary>Whether a slot takes over its proposal: with the probability of the update proportion.</summary>
    private protected virtual bool TakesOver(in Denoising x, int slot) => x.Draws.At(1).Uniform(slot) <= (x.Settings.UpdateProportion ?? 1);

    sealed class Rest
    {
        public bool IsReached { get; set; }
    }
}
