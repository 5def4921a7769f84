using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Contracts.Strategies;
using DiffusionBatch.Diffusion.Data;
using DiffusionBatch.Diffusion.Models;
using DiffusionBatch.Diffusion.Scores;
using DiffusionBatch.Diffusion.Tokenization;
using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Processes;

/// <summary>A forward process with its training loss.</summary>
public interface ITrainingProcess
{
    /// <summary>
    /// Draws the noise of a batch. A sequence's noise depends on (<paramref name="seed"/>, its id, <paramref name="epoch"/>) alone.
    /// </summary>
    NoisedBatch Noise(PairBatch batch, EncodedPairs pairs, long seed, long epoch);

    /// <summary>Tokens of a block of the response, which attention goes by from left to right; 0 where a response is one block.</summary>
    int BlockLength => 0;

    /// <summary>The loss of a noised batch, averaged over its sequences; null where nothing is masked, so that it is 0.</summary>
    /// <param name="model">The network.</param>
    /// <param name="batch">The noised batch.</param>
    /// <param name="labelSmoothing">e of [0, 1].</param>
    /// <returns>A scalar with its graph.</returns>
    Tensor? Loss(LanguageModel model, NoisedBatch batch, double labelSmoothing);
}

/// <summary>The processes by name.</summary>
public static class TrainingProcesses
{
    /// <summary>Types with a constructor that takes a <see cref="ProcessContext"/>.</summary>
    public static StrategyRegistry<ITrainingProcess> All { get; } = new(StrategyKind.Process, typeof(TrainingProcesses).Assembly);
}

/// <summary>What a process is made of.</summary>
/// <param name="Settings">The objective; attention and shift are those of the model where the manifest leaves them open.</param>
/// <param name="Specials">The special tokens.</param>
/// <param name="VocabularySize">V.</param>
/// <param name="Newline">The token that ends a block, for blockwise attention; -1 where there is none.</param>
/// <param name="WordStarts">Tells of each token whether it begins a word. // (V)</param>
/// <param name="Counts">How often each token occurs in the training data's responses, their closing tokens not counted. // (V)</param>
public sealed record ProcessContext(ObjectiveSettings Settings, SpecialTokens Specials, int VocabularySize, int Newline,
    Func<bool[]> WordStarts, Func<int[]> Counts)
{
    /// <summary>The process of a network that gives scores; null for others.</summary>
    public ScoreDiffusion? Diffusion { get; init; }
}
