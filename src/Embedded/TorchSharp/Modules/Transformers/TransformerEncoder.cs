using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Copies of one encoder layer behind each other.</summary>
public sealed class TransformerEncoder : nn.Module<Tensor, Tensor?, Tensor?, Tensor>, nn.IModule<Tensor, Tensor>, nn.IModule<Tensor, Tensor, Tensor>
{
    readonly ModuleList<TransformerEncoderLayer> layers = nn.ModuleList<TransformerEncoderLayer>();
    readonly LayerNorm? norm;

    internal TransformerEncoder(TransformerEncoderLayer layer, long count, bool normalized = false) : base(nameof(TransformerEncoder))
    {
        componentsRegistered = true;
        for (long i = 0; i < count; i++)
        {
            var copy = new TransformerEncoderLayer(layer.Settings);
            copy.load_state_dict(layer.state_dict());
            layers.Add(copy);
        }
        register_module("layers", layers);
        if (normalized) register_module("norm", norm = nn.LayerNorm(layer.Settings.Model));
    }

    public Tensor call(Tensor src) => base.call(src, null, null);

    public Tensor call(Tensor src, Tensor? src_mask) => base.call(src, src_mask, null);

    /// <summary>src (L, N, d_model) with a mask of pairs (L, L) and one of padding (N, L), true where hidden.</summary>
    public override Tensor forward(Tensor src, Tensor? src_mask, Tensor? src_key_padding_mask)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = src;
        foreach (TransformerEncoderLayer layer in layers) x = layer.call(x, src_mask, src_key_padding_mask);
        if (norm is not null) x = norm.call(x);
        return ReferenceEquals(x, src) ? src.alias().MoveToOuterDisposeScope() : x.MoveToOuterDisposeScope();
    }
}
