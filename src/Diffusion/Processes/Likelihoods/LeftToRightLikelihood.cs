using DiffusionBatch.Diffusion.Randomness;

namespace DiffusionBatch.Diffusion.Processes.Likelihoods;

/// <summary>The likelihood of a model from left to right, exactly: one pass over the response as it is.</summary>
internal sealed class LeftToRightLikelihood : CanvasLikelihood
{
    /// <inheritdoc/>
    public override string Name(LikelihoodOptions options) => "exact:leftToRight";

    /// <inheritdoc/>
    public override int Draws(LikelihoodOptions options) => 1;

    /// <inheritdoc/>
    public override NoisedResponse Noise(int[] x_0, CounterRandom item, int draw, int draws) =>
        new(x_0, [.. Enumerable.Range(0, x_0.Length)], 1);
}
