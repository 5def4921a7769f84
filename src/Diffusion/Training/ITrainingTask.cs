using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Training;

/// <summary>What a <see cref="TrainingLoop"/> trains: losses of numbered batches, and a validation loss.</summary>
interface ITrainingTask
{
    /// <summary>Begins a step, whose batches see the weights as they are now; disposing of the result ends it.</summary>
    IDisposable? Step();

    /// <summary>The loss of a batch, a function of its number and the weights alone.</summary>
    /// <param name="number">The batch's number, counted from 0.</param>
    /// <param name="tokens">Tokens that the network saw, padding left out.</param>
    /// <returns>A scalar with its graph, or null where there is nothing to learn.</returns>
    Tensor? Loss(long number, out int tokens);

    /// <summary>The validation loss, its noise the same each time; null without validation data.</summary>
    double? Evaluate();
}
