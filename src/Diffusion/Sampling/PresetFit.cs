using DiffusionBatch.Diffusion.Models;
using DiffusionBatch.Diffusion.Processes;
using DiffusionBatch.Diffusion.Sampling.Presets;

namespace DiffusionBatch.Diffusion.Sampling;

/// <summary>Which presets sample which models: each preset says it of itself (<see cref="SamplerPreset.Suits"/>).</summary>
public static class PresetFit
{
    /// <summary>What a sampler finds in a model.</summary>
    /// <param name="config">Its config.json.</param>
    /// <param name="settings">Its diffusion.json, or null.</param>
    public static SampledModel Of(ModelConfig config, Checkpoints.DiffusionSettings? settings) =>
        config.Family.GivesScores ? SampledModel.Scores : settings?.Process == MultinomialProcess.Name
            ? SampledModel.Noise
            : SampledModel.Masks;

    /// <summary>Why a preset can't sample a model, naming those that can; null where it can, or where there is no such preset.</summary>
    /// <param name="preset">Its name.</param>
    /// <param name="model">The model.</param>
    public static string? Problem(string preset, SampledModel model)
    {
        var cards = SamplerPreset.Registry.Cards;
        if (cards.All(c => c.Name != preset) || Suits(preset)) return null;
        string what = model switch
        {
            SampledModel.Scores => "gives probability ratios (SEDD)",
            SampledModel.Noise => $"shows noise in place of masks (the process \"{MultinomialProcess.Name}\")",
            _ => "predicts the tokens behind masks",
        };
        return $"the preset \"{preset}\" is not for a model "
            + $"that {what}; expected one of {string.Join(", ", cards.Where(c => Suits(c.Name)).Select(c => $"\"{c.Name}\""))}";

        bool Suits(string name) => SamplerPreset.Registry.Create(name).Suits(model);
    }
}

/// <summary>What a sampler finds in a model.</summary>
public enum SampledModel
{
    /// <summary>Open slots are masks, and tokens are predicted.</summary>
    Masks,

    /// <summary>Open slots show noise, and tokens are predicted.</summary>
    Noise,

    /// <summary>The network is told the noise level and gives probability ratios.</summary>
    Scores,
}
