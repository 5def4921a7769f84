namespace DiffusionBatch.Diffusion.Sampling.Passes;

/// <summary>
/// The model as the sampler sees it: p(x_0 | x_t) at chosen slots, time-agnostic. A canvas's rows must not depend on
/// the canvases beside it.
/// </summary>
internal interface IDenoiser
{
    /// <summary>V.</summary>
    int VocabularySize { get; }

    /// <summary>The longest canvas the model can take, specials included.</summary>
    int UsablePositions { get; }

    /// <summary>The most probable lengths need a predictor; whether there is one.</summary>
    bool PredictsLengths { get; }

    /// <summary>Runs one forward pass over a batch and delivers each canvas's rows, in the order of the requests, while their logits are at hand.</summary>
    void Predict(IReadOnlyList<CanvasRequest> requests, Action<int, CanvasRows> deliver);

    /// <summary>The length predictor's logits (classes) of one batch of prompts, a row each; class c stands for c + 1 slots.</summary>
    float[][] PredictLengths(IReadOnlyList<int[]> prompts);
}
