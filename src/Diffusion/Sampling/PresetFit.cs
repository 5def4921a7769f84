using DiffusionBatch.Contracts.Strategies;
using DiffusionBatch.Diffusion.Sampling.Presets;

namespace DiffusionBatch.Diffusion.Sampling;

/// <summary>Which presets sample which networks: those that read scores such as give them, and the others such as predict tokens.</summary>
public static class PresetFit
{
    /// <summary>Why a preset can't sample a network, naming those that can; null where it can.</summary>
    /// <param name="preset">Its name.</param>
    /// <param name="givesScores">Whether the network is told the noise level and gives probability ratios (SEDD).</param>
    public static string? Problem(string preset, bool givesScores)
    {
        var cards = SamplerPreset.Registry.Cards;
        if (cards.FirstOrDefault(c => c.Name == preset) is not { } card || card.Is(StrategyTraits.Scores) == givesScores) return null;
        string fitting = string.Join(", ", cards.Where(c => c.Is(StrategyTraits.Scores) == givesScores).Select(c => $"\"{c.Name}\""));
        return givesScores
            ? $"the preset \"{preset}\" is for networks that predict tokens, and this one gives probability ratios (SEDD); expected one of {fitting}"
            : $"the preset \"{preset}\" is for networks that give probability ratios (SEDD), and this one predicts tokens; expected one of {fitting}";
    }
}
