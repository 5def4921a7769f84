using DiffusionBatch.Diffusion.Checkpoints;
using DiffusionBatch.Diffusion.Models;
using DiffusionBatch.Diffusion.Models.Families;
using DiffusionBatch.Diffusion.Tokenization;
using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Training;

/// <summary>
/// Drops what a task doesn't use of a vocabulary (reference A.5): the rows of the input and output embeddings and of the output
/// bias whose token never occurs in the training set. Special tokens stay, and ids keep their order.
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
            parameter.copy_(config.Family.IsPerToken(name)
                ? model.Named[name].index_select(config.Family.TokenAxis(name), kept)
                : model.Named[name]);
        return trimmed;
    }

    /// <summary>
    /// The model whose vocabulary was trimmed with all its tokens again: kept rows are the trimmed model's, dropped ones
    /// those of the model that it was made from, and so is whatever the trimmed model doesn't have.
    /// </summary>
    /// <param name="trimmed">The trimmed model.</param>
    /// <param name="map">The ids that were kept.</param>
    /// <param name="original">The model from which it was trimmed.</param>
    /// <exception cref="ArgumentException">The two aren't of one shape but for the vocabulary.</exception>
    public static LanguageModel Restore(LanguageModel trimmed, VocabularyMap map, LanguageModel original)
    {
        ArgumentNullException.ThrowIfNull(trimmed);
        ArgumentNullException.ThrowIfNull(map);
        ArgumentNullException.ThrowIfNull(original);
        var family = original.Config.Family;
        if (family != trimmed.Config.Family || original.Config.Layers != trimmed.Config.Layers || map.Count != trimmed.VocabularySize
            || map.Kept[^1] >= original.VocabularySize
            || !original.Named.Keys.Order().SequenceEqual(trimmed.Named.Keys.Order())
            || original.Named.Any(p => !Others(family, p.Key, p.Value.shape)
                .SequenceEqual(Others(family, p.Key, trimmed.Named[p.Key].shape))))
            throw new ArgumentException("The model was not trimmed from this one.", nameof(original));
        var restored = family.Build(original.Config, original.Device);
        restored.Origin = original.Origin;
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        var kept = tensor(map.Kept.Select(id => (long)id).ToArray(), device: original.Device);
        foreach (var (name, parameter) in restored.Named)
        {
            parameter.copy_(family.IsPerToken(name) ? original.Named[name] : trimmed.Named[name]);
            if (family.IsPerToken(name)) parameter.index_copy_(family.TokenAxis(name), kept, trimmed.Named[name]);
        }
        return restored;
    }

    /// <summary>The dimensions that don't count tokens.</summary>
    static IEnumerable<long> Others(ModelFamily family, string name, long[] shape) =>
        shape.Where((_, axis) => !family.IsPerToken(name) || axis != family.TokenAxis(name));
}
