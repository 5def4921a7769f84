using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Sampling.LengthSources;
using DiffusionBatch.Diffusion.Sampling.Passes;
using DiffusionBatch.Diffusion.Sampling.Presets;

namespace DiffusionBatch.Diffusion.Sampling.Sweeps;

/// <summary>One cell of a sweep with the strategies that its settings name.</summary>
/// <param name="Sampler">The settings that have an effect (<see cref="SamplerPreset.Canonical"/>): cells with equal ones share
/// trajectories.</param>
/// <param name="Preset">The preset.</param>
/// <param name="Length">Where lengths come from.</param>
/// <param name="Source">The source of that name.</param>
/// <param name="Noisy">Whether open slots show noise that is drawn.</param>
internal sealed record CellPlan(SamplerSettings Sampler, SamplerPreset Preset, LengthSettings Length, LengthSource Source, bool Noisy)
{
    /// <summary>Finds the strategies.</summary>
    /// <exception cref="ArgumentException">There is none of a name.</exception>
    /// <param name="settings">The cell's settings.</param>
    /// <param name="options">What holds where they don't say it, and the noise that open slots show.</param>
    public static CellPlan Of(SamplerSettings settings, SweepOptions options)
    {
        var preset = SamplerPreset.Registry.Create(settings.Preset);
        settings = settings with { Closing = settings.Closing ?? options.Closing };
        if (preset.AttendsInBlocks) settings = settings with { BlockLength = settings.BlockLength ?? options.BlockLength };
        var length = settings.Length ?? new LengthSettings();
        return new CellPlan(preset.Canonical(settings), preset, length, LengthSource.Registry.Create(length.Source),
            options.Noise is not null)
        { Candidates = settings.Candidates ?? 1 };
    }

    /// <summary>What of the settings the network's predictions depend on.</summary>
    public CanvasKind Kind { get; } = CanvasKind.Of(Sampler, Preset);

    /// <summary>Whether checked items alone are sampled in it.</summary>
    public bool IsCheck { get; init; }

    /// <summary>Whether an item is sampled in it.</summary>
    public bool Takes(SampleItem item) => !IsCheck || item.IsChecked;

    /// <summary>Samples of each length.</summary>
    public int Candidates { get; private init; } = 1;

    /// <summary>Whether responses are written token by token without a canvas.</summary>
    public bool IsAutoregressive { get; } = Preset is AutoregressivePreset;

    /// <summary>Tokens behind a response.</summary>
    public int Closing => IsAutoregressive ? 0 : Kind.Closing;

    /// <summary>Whether any draw enters, so that candidates of one length differ.</summary>
    public bool IsRandom { get; } = Noisy || Sampler.Temperature > 0 || Preset.IsRandom(Sampler);

    /// <summary>Whether an item needs the length predictor in this cell.</summary>
    public bool NeedsPredictor(SampleItem item) =>
        Takes(item) && Source.NeedsPredictor && item.LengthOverride is null && item.Holes.Length == 0;
}
