using DiffusionBatch.Diffusion.Data;
using DiffusionBatch.Diffusion.Models;
using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Processes;

/// <summary>A forward process with its training loss.</summary>
public interface ITrainingProcess
{
    /// <summary>
    /// Draws the noise of a batch. A sequence's noise depends on (<paramref name="seed"/>, its id, <paramref name="epoch"/>) alone.
    /// </summary>
    NoisedBatch Noise(PairBatch batch, EncodedPairs pairs, long seed, long epoch);

    /// <summary>The loss of a noised batch, averaged over its sequences; null where nothing is masked, so that it is 0.</summary>
    /// <param name="model">The network.</param>
    /// <param name="batch">The noised batch.</param>
    /// <param name="labelSmoothing">e of [0, 1].</param>
    /// <returns>A scalar with its graph.</returns>
    Tensor? Loss(LanguageModel model, NoisedBatch batch, double labelSmoothing);
}
