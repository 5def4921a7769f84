using DiffusionBatch.Diffusion.Checkpoints;
using DiffusionBatch.Diffusion.Models;
using DiffusionBatch.Diffusion.Tokenization;
using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Training;

/// <summary>
/// Drops what a task doesn't use of a vocabulary (reference A.5): the rows of the tied embeddings and of the output bias whose
/// token never occurs in the training set. Special tokens stay, and the mask stays the last.
/// </summary>
public static class VocabularyTrimmer
{
    /// <summary>The map that keeps the special tokens and the tokens used.</summary>
    /// <param name="used">Whether each of the tokenizer's ids occurs. // (V)</param>
    /// <param name="specials">The tokenizer's special tokens.</param>
    public static VocabularyMap Plan(ReadOnlySpan<bool> used, SpecialTokens specials)
    {
        ArgumentNullException.ThrowIfNull(specials);
        var kept = new List<int>();
        for (int id = 0; id < used.Length; id++)
            if (used[id] || specials.Contains(id)) kept.Add(id);
        return new VocabularyMap(kept);
    }

    /// <summary>A model with the kept rows alone, all else copied.</summary>
    /// <param name="model">The model whose ids the map keeps.</param>
    /// <param name="map">The ids to keep.</param>
    public static LanguageModel Trim(LanguageModel model, VocabularyMap map)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(map);
        var config = model.Config.WithVocabulary(map.Count, map.ToModel);
        var trimmed = config.Family.Build(config, model.Device);
        trimmed.Origin = model.Origin;
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        var kept = tensor(map.Kept.Select(id => (long)id).ToArray(), device: model.Device);
        foreach (var (name, parameter) in trimmed.Named)
            parameter.copy_(config.Family.IsPerToken(name) ? model.Named[name].index_select(0, kept) : model.Named[name]);
        return trimmed;
    }
}
