using DiffusionBatch.Diffusion.Models.Layers;
using DiffusionBatch.Diffusion.Randomness;
using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Models;

/// <summary>
/// A transformer that predicts a token at each position from all that it may see: the network f of the absorbing process.
/// It is not told the time t. What it may see is said from outside, so a decoder can be bidirectional and an encoder causal.
/// </summary>
public abstract class LanguageModel : NamedParameterModule
{
    readonly Dictionary<string, Affine> _projections = new(StringComparer.Ordinal);
    readonly List<Affine> _products = [];
    IDisposable? _rounded;

    /// <summary>Declares the parameters of a configuration's model.</summary>
    protected LanguageModel(ModelConfig config, Device? device)
        : base("model", config?.Family.Layout(config) ?? throw new ArgumentNullException(nameof(config)), device) => Config = config;

    /// <summary>The model's config.json.</summary>
    public ModelConfig Config { get; internal set; }

    /// <summary>V.</summary>
    public int VocabularySize => Config.VocabularySize;

    /// <summary>The longest canvas in tokens.</summary>
    public int UsablePositions => Config.UsablePositions;

    /// <summary>
    /// The files that the weights came from: what else is in them, and in which types; null for a new model. Not this object's to close.
    /// </summary>
    internal IDisposable? Origin { get; set; }

    /// <summary>
    /// Whether training keeps each layer's input alone and computes the layer again for its gradients (Chen et al. 2016):
    /// less memory for a third more work. The same numbers (an encoder's gradients, which come from all layers of a decoder, but for
    /// rounding).
    /// </summary>
    public bool RecomputesActivations { get; set; }

    /// <summary>What drops in training, with masks that <see cref="DropFrom"/> gives it.</summary>
    internal Dropout Dropout { get; } = new();

    /// <summary>The projections by name, to which low-rank updates can be added.</summary>
    internal IReadOnlyDictionary<string, Affine> Projections => _projections;

    /// <summary>The layers of a single stack.</summary>
    private protected abstract IReadOnlyList<ITransformerLayer> Layers { get; }

    /// <summary>The input of the first layer.</summary>
    /// <param name="input_ids">// (B, N) int64</param>
    /// <param name="positions">Rows of the position table, or null for 0, 1, 2, ... (B, N) int64</param>
    /// <returns>// (B, N, d)</returns>
    private protected abstract Tensor Embed(Tensor input_ids, Tensor? positions);

    /// <summary>What follows the last layer, each row by itself; the rows themselves where nothing does. // (..., d)</summary>
    private protected virtual Tensor Close(Tensor states) => states.alias();

    /// <summary>The last layer's hidden states.</summary>
    /// <param name="input_ids">Token ids, right-padded. // (B, N) int64</param>
    /// <param name="attention_mask">True where a token may be seen: by all (B, N), or by each position for itself (B, N, N). //
    /// bool</param>
    /// <param name="positions">Rows of the position table, or null for the family's first, second, ... // (B, N) int64</param>
    /// <param name="parts">Where prompts and responses end; an encoder-decoder needs it, no other heeds it.</param>
    /// <returns>// (B, N, d); what stands at padding means nothing</returns>
    public virtual Tensor Hidden(Tensor input_ids, Tensor attention_mask, Tensor? positions = null, CanvasParts? parts = null)
    {
        using var scope = NewDisposeScope();
        var (x, bias) = Body(input_ids, attention_mask, positions);
        return Close(Layers[^1].Finish(x, Layers[^1].Attend(x, bias, training), training)).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// The last layer's hidden states of some positions: <see cref="Hidden"/>'s rows, to the bit, without the work of the
    /// last layer's feed-forward part for the others.
    /// </summary>
    /// <param name="input_ids">// (B, N) int64</param>
    /// <param name="attention_mask">// (B, N) or (B, N, N) bool</param>
    /// <param name="rows">Positions b * N + i. // (R) int64</param>
    /// <param name="parts">Where prompts and responses end; an encoder-decoder needs it, no other heeds it.</param>
    /// <returns>// (R, d)</returns>
    public virtual Tensor HiddenRows(Tensor input_ids, Tensor attention_mask, Tensor rows, CanvasParts? parts = null)
    {
        using var scope = NewDisposeScope();
        return Rows(input_ids, attention_mask, rows, null).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// The last layer's hidden states of some positions in a pass whose tokens stand elsewhere than at 0, 1, 2, ..., or that has the keys
    /// and values of earlier ones. Not for an encoder-decoder.
    /// </summary>
    /// <param name="pass">Where the tokens stand, and what is there beside them.</param>
    /// <param name="input_ids">// (B, N) int64</param>
    /// <param name="attention_mask">What each token sees of all that the pass has. // (B, N, P) bool</param>
    /// <param name="rows">Positions b * N + i. // (R) int64</param>
    /// <returns>// (R, d)</returns>
    internal Tensor HiddenRowsIn(PassContext pass, Tensor input_ids, Tensor attention_mask, Tensor rows) =>
        Rows(input_ids, attention_mask, rows, pass);

    /// <summary>The keys and values of a pass's own tokens, by turns, layer by layer. Not for an encoder-decoder.</summary>
    /// <param name="input_ids">// (B, N) int64</param>
    /// <param name="attention_mask">// (B, N, P + N) bool</param>
    /// <param name="pass">One that keeps them.</param>
    /// <returns>// (B, 2 L, G, N, d_h)</returns>
    internal Tensor KeysAndValues(Tensor input_ids, Tensor attention_mask, PassBehind pass)
    {
        using var scope = NewDisposeScope();
        var (x, bias) = Body(input_ids, attention_mask, null, pass);
        Layers[^1].Attend(x, bias, training, pass);
        return pass.Own().MoveToOuterDisposeScope();
    }

    Tensor Rows(Tensor input_ids, Tensor attention_mask, Tensor rows, PassContext? pass)
    {
        using var scope = NewDisposeScope();
        var (x, bias) = Body(input_ids, attention_mask, null, pass);
        var context = Layers[^1].Attend(x, bias, training, pass);
        Tensor Pick(Tensor states) => states.view(-1, states.size(2)).index_select(0, rows); // (R, d)
        return Close(Layers[^1].Finish(Pick(x), Pick(context), training)).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Whether keys and values can be kept from pass to pass (<see cref="PassContext"/>): all but encoder-decoders and SEDD's.
    /// </summary>
    public bool KeepsKeys => Layers.Count > 0;

    /// <summary>The logits over the vocabulary, the mask token's included, of rows of hidden states.</summary>
    /// <param name="rows">// (R, d)</param>
    /// <returns>// (R, V)</returns>
    public abstract Tensor Logits(Tensor rows);

    /// <summary>
    /// Hugging Face's initialisation, a function of <paramref name="seed"/> alone: weights normal(0, initializer_range),
    /// biases 0, norms 1 and 0, the padding rows 0.
    /// </summary>
    public void Initialise(long seed)
    {
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        using var draws = new Generator((ulong)seed, Device); // Its own stream: the process-wide one is left alone.
        foreach (var (name, parameter) in Named)
        {
            if (name.EndsWith("bias", StringComparison.Ordinal)) parameter.zero_();
            else if (parameter.dim() == 1) parameter.fill_(1);
            else parameter.normal_(0, Config.InitializerRange * Config.Family.InitialScale(name, Config), draws);
        }
        foreach (var (name, row) in Config.Family.ZeroRows(Config)) Named[name].select(0, row).zero_();
    }

    /// <summary>Declares a projection whose parameters' names begin with <paramref name="name"/>.</summary>
    internal Affine Projection(string name, bool transposed = false)
    {
        var projection = new Affine(Named, name, transposed);
        _products.Add(projection);
        return _projections[name] = projection;
    }

    /// <summary>Declares the projection to the vocabulary, whose weight may be the word embeddings.</summary>
    private protected Affine Output(string weight, string? bias = null)
    {
        var output = new Affine(weight, Named[weight], bias is null ? null : Named[bias]);
        _products.Add(output);
        return output;
    }

    /// <summary>Has the next pass in training drop by masks of a stream of its own. Without it, passes go on in the one before's.</summary>
    /// <param name="stream">The stream, such as that of (seed, batch number).</param>
    public void DropFrom(CounterRandom stream) => Dropout.Begin(stream);

    /// <summary>
    /// Has the matrix products of passes computed in bfloat16 until the result is disposed: of the weights as they are now, rounded
    /// once, and of inputs rounded as they come, with sums in float32. All else stays in float32; gradients go to the weights.
    /// </summary>
    public IDisposable RoundProducts()
    {
        foreach (var product in _products) product.Round();
        return new Rounded(_products);
    }

    /// <summary>Whether passes compute so from here on, until it is turned off; the weights don't change meanwhile.</summary>
    internal bool ComputesRounded
    {
        set
        {
            if (value == _rounded is not null) return;
            _rounded?.Dispose();
            _rounded = value ? RoundProducts() : null;
        }
    }

    /// <summary>All layers but the last.</summary>
    (Tensor X, Tensor Bias) Body(Tensor input_ids, Tensor attention_mask, Tensor? positions, PassContext? pass = null)
    {
        // What pads a canvas stands at its table's last row.
        if (pass is not null) positions = (pass.Positions + Config.PositionOffset).clamp_max(Config.MaxPositionEmbeddings - 1);
        else if (input_ids.size(1) > CanvasShape.Padded(UsablePositions))
            throw new ArgumentException($"{input_ids.size(1)} tokens don't fit the model's {UsablePositions} positions.",
                nameof(input_ids));
        var bias = AttentionBias.Of(attention_mask);
        var x = Embed(input_ids, positions);
        bool recomputes = RecomputesActivations && training && is_grad_enabled();
        for (int i = 0; i + 1 < Layers.Count; i++)
        {
            var layer = Layers[i];
            x = recomputes
                ? Recomputed.Of(t => layer.Finish(t[0], layer.Attend(t[0], t[1], training: true, pass), training: true), [x], [bias],
                    Dropout)
                : layer.Finish(x, layer.Attend(x, bias, training, pass), training);
        }
        return (x, bias);
    }

    sealed class Rounded(IReadOnlyList<Affine> products) : IDisposable
    {
        public void Dispose()
        {
            foreach (var product in products) product.Restore();
        }
    }
}
