using DiffusionBatch.Diffusion.Checkpoints;
using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Models;

/// <summary>
/// A transformer that predicts the token of each position from all that it may see: the network f of the absorbing process.
/// It is not told the time t.
/// </summary>
public abstract class MaskedLanguageModel : NamedParameterModule
{
    /// <summary>Declares the parameters of a configuration's model.</summary>
    protected MaskedLanguageModel(ModelConfig config, IEnumerable<ParameterShape> layout, Device? device)
        : base("model", layout, device) => Config = config;

    /// <summary>The model's config.json.</summary>
    public ModelConfig Config { get; }

    /// <summary>V.</summary>
    public int VocabularySize => Config.VocabularySize;

    /// <summary>The longest canvas in tokens.</summary>
    public int UsablePositions => Config.UsablePositions;

    /// <summary>The last layer's hidden states.</summary>
    /// <param name="input_ids">Token ids, right-padded. // (B, N) int64</param>
    /// <param name="attention_mask">True where a token may be seen: by all (B, N), or by each position for itself (B, N, N). // bool</param>
    /// <returns>// (B, N, d); what stands at padding means nothing</returns>
    public abstract Tensor Hidden(Tensor input_ids, Tensor attention_mask);

    /// <summary>
    /// The last layer's hidden states of some positions: <see cref="Hidden"/>'s rows, to the bit, without the work of the
    /// last layer's feed-forward part for the others.
    /// </summary>
    /// <param name="input_ids">// (B, N) int64</param>
    /// <param name="attention_mask">// (B, N) or (B, N, N) bool</param>
    /// <param name="rows">Positions b * N + i. // (R) int64</param>
    /// <returns>// (R, d)</returns>
    public abstract Tensor HiddenRows(Tensor input_ids, Tensor attention_mask, Tensor rows);

    /// <summary>The logits over the vocabulary, the mask token's included, of rows of hidden states.</summary>
    /// <param name="rows">// (R, d)</param>
    /// <returns>// (R, V)</returns>
    public abstract Tensor Logits(Tensor rows);

    /// <summary>Draws the weights of a new model: a function of <paramref name="seed"/> alone.</summary>
    public abstract void Initialise(long seed);
}
