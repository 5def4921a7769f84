using DiffusionBatch.Diffusion.Models;
using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Training;

/// <summary>
/// Adds tokens to a model: each new row of the input and output embeddings is the mean of the rows that there are (reference
/// A.4), and so is each new number of the output bias.
/// </summary>
public static class VocabularyExtender
{
    /// <summary>A model with more tokens, all else copied.</summary>
    /// <param name="model">The model.</param>
    /// <param name="added">How many tokens are added behind the last.</param>
    public static LanguageModel Extend(LanguageModel model, int added)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(added);
        var config = model.Config.WithVocabulary(model.VocabularySize + added);
        var extended = config.Family.Build(config, model.Device);
        extended.Origin = model.Origin;
        using var quiet = no_grad();
        foreach (var (name, parameter) in extended.Named)
        {
            using var scope = NewDisposeScope();
            var source = model.Named[name];
            if (!config.Family.IsPerToken(name))
            {
                parameter.copy_(source);
                continue;
            }
            int axis = config.Family.TokenAxis(name);
            parameter.narrow(axis, 0, model.VocabularySize).copy_(source);
            parameter.narrow(axis, model.VocabularySize, added).copy_(source.mean([(long)axis], true));
        }
        return extended;
    }
}
