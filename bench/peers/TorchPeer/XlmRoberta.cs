using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace DiffusionBatch.Bench.Peer;

/// <summary>
/// XLM-R with its masked-language-model head as one writes it with the library's modules: logits over the vocabulary at every
/// position.
/// </summary>
internal sealed class XlmRoberta : Module<Tensor, Tensor, Tensor>
{
    private readonly Embedding _words, _positions, _types;
    private readonly LayerNorm _norm, _headNorm;
    private readonly Dropout _drop;
    private readonly ModuleList<EncoderLayer> _layers;
    private readonly Linear _dense;
    private readonly TorchSharp.Modules.Parameter _bias;
    private readonly int _pad;

    private XlmRoberta(EncoderConfig config)
        : base("xlm-roberta")
    {
        _pad = config.Pad;
        (_words, _positions, _types) = (Embedding(config.Vocabulary, config.Hidden), Embedding(config.Positions, config.Hidden),
            Embedding(config.Types, config.Hidden));
        (_norm, _headNorm) = (LayerNorm(config.Hidden, config.Epsilon), LayerNorm(config.Hidden, config.Epsilon));
        _drop = Dropout(config.Dropout);
        _layers = new ModuleList<EncoderLayer>([.. Enumerable.Range(0, config.Layers).Select(_ => new EncoderLayer(config))]);
        _dense = Linear(config.Hidden, config.Hidden);
        _bias = Parameter(zeros(config.Vocabulary));
        var embeddings = new Group(("word_embeddings", _words), ("position_embeddings", _positions), ("token_type_embeddings", _types),
            ("LayerNorm", _norm), ("dropout", _drop));
        register_module("roberta", new Group(("embeddings", embeddings), ("encoder", new Group(("layer", _layers)))));
        var head = new Group(("dense", _dense), ("layer_norm", _headNorm));
        head.register_parameter("bias", _bias);
        register_module("lm_head", head);
    }

    /// <summary>The network of a checkpoint folder.</summary>
    internal static XlmRoberta Load(string folder, EncoderConfig config)
    {
        var model = new XlmRoberta(config);
        SafeTensors.Load(model, Path.Combine(folder, "model.safetensors"));
        return model;
    }

    /// <summary>The last hidden states.</summary>
    /// <param name="ids">// (B, N) int64</param>
    /// <param name="seen">False at padding. // (B, N) bool</param>
    /// <returns>// (B, N, d)</returns>
    internal Tensor Hidden(Tensor ids, Tensor seen)
    {
        var places = arange(_pad + 1, _pad + 1 + ids.size(1), int64);
        var x = _drop.call(_norm.call(_words.call(ids) + _positions.call(places) + _types.call(zeros_like(ids))));
        var mask = seen.unsqueeze(1).unsqueeze(1); // (B, 1, 1, N)
        foreach (var layer in _layers)
            x = layer.call(x, mask);
        return x;
    }

    /// <inheritdoc/>
    /// <param name="ids">// (B, N) int64</param>
    /// <param name="seen">False at padding. // (B, N) bool</param>
    /// <returns>// (B, N, V)</returns>
    public override Tensor forward(Tensor ids, Tensor seen)
    {
        var h = _headNorm.call(functional.gelu(_dense.call(Hidden(ids, seen))));
        return functional.linear(h, _words.weight!, _bias);
    }
}
