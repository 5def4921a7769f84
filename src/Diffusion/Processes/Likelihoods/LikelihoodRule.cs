using System.Reflection;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Models;
using DiffusionBatch.Diffusion.Randomness;
using DiffusionBatch.Diffusion.Tokenization;

namespace DiffusionBatch.Diffusion.Processes.Likelihoods;

/// <summary>A process that gives the likelihood of a response under its models, or a bound of it.</summary>
public interface ILikelihoodProcess
{
    /// <summary>How.</summary>
    static abstract LikelihoodRule Likelihood { get; }
}

/// <summary>How a process's models give likelihoods.</summary>
/// <param name="Of">That of one of its models.</param>
/// <param name="HasNumberedSteps">Whether it heeds <see cref="LikelihoodOptions.Timesteps"/>.</param>
public sealed record LikelihoodRule(Func<ProcessModel, LikelihoodOptions, LikelihoodForm> Of, bool HasNumberedSteps = false)
{
    /// <summary>That of a process by its name; null where it has none.</summary>
    public static LikelihoodRule? Find(string process) =>
        TrainingProcesses.All.TypeOf(process) is { } type && type.IsAssignableTo(typeof(ILikelihoodProcess))
            ? (LikelihoodRule)typeof(LikelihoodRule).GetMethod(nameof(RuleOf), BindingFlags.NonPublic | BindingFlags.Static)!
                .MakeGenericMethod(type).Invoke(null, null)!
            : null;

    static LikelihoodRule RuleOf<T>() where T : ILikelihoodProcess => T.Likelihood;
}

/// <summary>A trained model as its process sees it.</summary>
/// <param name="Model">The network, in evaluation mode.</param>
/// <param name="Specials">Its special tokens.</param>
/// <param name="Attention">Which positions see which.</param>
/// <param name="Closing">What stands behind each response: <c>&lt;/s&gt;</c>, or nothing.</param>
public sealed record ProcessModel(LanguageModel Model, SpecialTokens Specials, AttentionKind Attention, int[] Closing)
{
    /// <summary>Whether the output at a position is for the token after it.</summary>
    public bool Shift { get; init; }

    /// <summary>The token that ends a block, for blockwise attention; -1 where there is none.</summary>
    public int Newline { get; init; } = -1;

    /// <summary>Tokens of a block of the response; null where it wasn't trained by blocks.</summary>
    public int? BlockLength { get; init; }

    /// <summary>q_noise, where it was trained on multinomial noise.</summary>
    public MultinomialNoise? Noise { get; init; }
}
