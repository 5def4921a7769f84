using DiffusionBatch.Diffusion.Models;
using DiffusionBatch.Diffusion.Scores;

namespace DiffusionBatch.Diffusion.Sampling.Passes;

/// <summary>
/// The model as the sampler sees it: p(x_0 | x_t) at chosen slots, time-agnostic; or, where it gives scores, log s(x_t, sigma) there. A
/// canvas's rows must not depend on the canvases beside it.
/// </summary>
internal interface IDenoiser
{
    /// <summary>V.</summary>
    int VocabularySize { get; }

    /// <summary>The longest canvas the model can take, specials included.</summary>
    int UsablePositions { get; }

    /// <summary>The most probable lengths need a predictor; whether there is one.</summary>
    bool PredictsLengths { get; }

    /// <summary>Whether the device has instructions for products in bfloat16.</summary>
    bool IsFastAtBfloat16 => true;

    /// <summary>
    /// Whether a prompt's keys and values are kept from pass to pass: under attention in which the prompt sees nothing behind it nothing
    /// changes them.
    /// </summary>
    bool KeepsPrompts => false;

    /// <summary>The process of a network that is told the noise level and gives scores; null for one that predicts x_0.</summary>
    ScoreDiffusion? Diffusion => null;

    /// <summary>The shape that a canvas is computed in.</summary>
    /// <param name="prompt">Tokens of its prompt.</param>
    /// <param name="tokens">Tokens in all: prompt, slots and what closes them.</param>
    /// <param name="block">What is computed anew, where what stands before it is kept.</param>
    CanvasShape ShapeOf(int prompt, int tokens, (int From, int To)? block = null);

    /// <summary>The id of <c>&lt;/s&gt;</c>, with which an autoregressive response ends; -1 for none.</summary>
    int Eos => -1;

    /// <summary>An empty table of sequences under the autoregressive model that this is too.</summary>
    /// <param name="columns">The longest sequence.</param>
    /// <param name="kind">Whether keys and values are kept from step to step, and whether products are computed in bfloat16.</param>
    ISequences Sequences(int columns, (bool Keeps, bool Rounds) kind) =>
        throw new NotSupportedException("This model doesn't predict the token after a sequence.");

    /// <summary>
    /// Runs one forward pass over a batch of canvases of one shape and delivers each canvas's rows, in the order of the requests, while
    /// their logits are at hand.
    /// </summary>
    void Predict(IReadOnlyList<CanvasRequest> requests, Action<int, CanvasRows> deliver);

    /// <summary>Ends a run: the model is again as it was before.</summary>
    void End()
    {
    }

    /// <summary>
    /// The length predictor's logits (classes) of one batch of prompts of one padded length, a row each; class c stands for c + 1 slots.
    /// </summary>
    float[][] PredictLengths(IReadOnlyList<int[]> prompts);
}
