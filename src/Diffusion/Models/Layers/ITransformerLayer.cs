using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Models.Layers;

/// <summary>
/// A transformer layer in two parts: what positions gather from each other, and what each position does by itself. So the
/// last layer's second part can be computed for some positions alone.
/// </summary>
interface ITransformerLayer
{
    /// <summary>What each position gathers from those it sees, heads side by side, before the output projection.</summary>
    /// <param name="x">The layer's input. // (B, N, d)</param>
    /// <param name="bias">0 where a key is seen, minus infinity elsewhere. // (B, 1, 1 or N, N), or of as many keys as the pass has</param>
    /// <param name="training">Whether dropout is on.</param>
    /// <param name="pass">Where the tokens stand and what is there beside them; null for positions 0, 1, 2, ... and nothing.</param>
    /// <returns>// (B, N, H d_h)</returns>
    Tensor Attend(Tensor x, Tensor bias, bool training, PassContext? pass = null);

    /// <summary>The rest of the layer, each row by itself.</summary>
    /// <param name="x">The layer's input. // (..., d)</param>
    /// <param name="context">What <see cref="Attend"/> gave for it. // (..., H d_h)</param>
    /// <param name="training">Whether dropout is on.</param>
    /// <returns>// (..., d)</returns>
    Tensor Finish(Tensor x, Tensor context, bool training);
}
