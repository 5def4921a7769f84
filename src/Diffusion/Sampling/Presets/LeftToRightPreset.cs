using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Contracts.Strategies;
using DiffusionBatch.Diffusion.Sampling.Steps;

namespace DiffusionBatch.Diffusion.Sampling.Presets;

/// <summary>The leftmost open slot each step: N passes.</summary>
[Strategy("left-to-right", "fills the leftmost open position each step, whatever `steps` says",
    Settings = [nameof(SamplerSettings.TopK), nameof(SamplerSettings.TopP), nameof(SamplerSettings.EndAtEos)],
    Traits = [StrategyTraits.TokenByToken])]
public class LeftToRightPreset : SamplerPreset
{
    /// <inheritdoc/>
    public override SamplerSettings Canonical(SamplerSettings settings) =>
        base.Canonical(settings with { Steps = new SamplerSettings().Steps });

    /// <inheritdoc/>
    public override bool IsSettled(in Denoising x) => true;

    /// <inheritdoc/>
    public override SlotNeed Need(in Denoising x) => new(x.Mask, OpenOnly: true, x.Slots.Length - x.Open, x.Slots.Length - x.Open + 1);

    /// <inheritdoc/>
    public override void Step(in Denoising x, ReadOnlySpan<int> predicted, ReadOnlySpan<float> scores, StepBuffers buffers)
    {
        buffers.Clear();
        int i = x.Slots.Length - x.Open;
        (x.Slots[i], x.WrittenScores[i]) = (predicted[i], scores[i]);
        buffers.Written.Add(new(i, predicted[i], scores[i]));
    }
}
