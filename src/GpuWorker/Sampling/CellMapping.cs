using DiffusionBatch.Diffusion.Sampling;
using DiffusionBatch.Pipeline.Manifests.Cells;
using Manifests = DiffusionBatch.Pipeline.Manifests;

namespace DiffusionBatch.GpuWorker.Sampling;

/// <summary>A manifest's cell in the sampler's own terms.</summary>
internal static class CellMapping
{
    /// <summary>The sampler's cell.</summary>
    public static SweepCell Map(SamplerCell cell) => new(
        new SamplerSettings
        {
            Preset = cell.Preset switch
            {
                Manifests.SamplerPreset.Rdm => SamplerPreset.Rdm,
                Manifests.SamplerPreset.LeftToRight => SamplerPreset.LeftToRight,
                var other => throw new ArgumentOutOfRangeException(nameof(cell), other, "No such preset."),
            },
            Steps = cell.Steps,
            ReMask = cell.ReMask switch
            {
                Manifests.ReMaskRule.Uncond => ReMasking.Uncond,
                Manifests.ReMaskRule.Cond => ReMasking.Cond,
                var other => throw new ArgumentOutOfRangeException(nameof(cell), other, "No such rule."),
            },
            Order = cell.Order switch
            {
                Manifests.RankingOrder.Deterministic => Ranking.Deterministic,
                Manifests.RankingOrder.Stochastic => Ranking.Stochastic,
                var other => throw new ArgumentOutOfRangeException(nameof(cell), other, "No such order."),
            },
            Noise = cell.Noise,
            Schedule = cell.Schedule switch
            {
                Manifests.MaskSchedule.Cosine => MaskSchedule.Cosine,
                Manifests.MaskSchedule.Linear => MaskSchedule.Linear,
                var other => throw new ArgumentOutOfRangeException(nameof(cell), other, "No such schedule."),
            },
            Temperature = cell.Temperature,
        },
        new LengthSettings
        {
            Source = cell.Length.Source switch
            {
                Manifests.LengthSource.Predicted => LengthSource.Predicted,
                Manifests.LengthSource.Oracle => LengthSource.Oracle,
                Manifests.LengthSource.Fixed => LengthSource.Fixed,
                var other => throw new ArgumentOutOfRangeException(nameof(cell), other, "No such source."),
            },
            Value = cell.Length.Value ?? 0,
            Beam = cell.Length.Beam,
        });
}
