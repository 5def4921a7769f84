using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Checkpoints;
using DiffusionBatch.Diffusion.Sampling;
using DiffusionBatch.Diffusion.Sampling.LengthSources;
using DiffusionBatch.Diffusion.Sampling.Passes;
using DiffusionBatch.Diffusion.Sampling.Presets;
using DiffusionBatch.Diffusion.Sampling.Sweeps;

namespace DiffusionBatch.Diffusion.Tests.Sampling;

/// <summary>One item, which says its own length, through the sampler with a preset whose draws are given.</summary>
static class GivenRun
{
    public static SampleResult Of(Checkpoint checkpoint, SamplerPreset preset, SamplerSettings settings, SampleItem item,
        bool emitsMask = false)
    {
        var specials = emitsMask ? checkpoint.Specials with { Mask = -1 } : checkpoint.Specials;
        var denoiser = new TorchDenoiser(checkpoint.Model, null, specials, AttentionKind.Full, shift: false, -1, TimeProvider.System);
        settings = preset.Canonical(settings with { Closing = CanvasClosing.None });
        var cell = new CellPlan(settings, preset, new LengthSettings(), new FixedLength(), Noisy: false);
        var run = new SweepRun(denoiser, specials.Mask, new SweepOptions { Trace = true }, [cell], new CostMeter(TimeProvider.System, 1),
            TimeProvider.System);
        var result = run.Execute([item], null, CancellationToken.None).Single();
        Assert.Null(result.Error);
        return result;
    }
}
