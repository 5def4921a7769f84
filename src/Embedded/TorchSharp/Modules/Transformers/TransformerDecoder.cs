using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Copies of one decoder layer behind each other.</summary>
public sealed class TransformerDecoder : nn.Module<Tensor, Tensor, Tensor?, Tensor?, Tensor?, Tensor?, Tensor>, nn.IModule<Tensor, Tensor, Tensor>
{
    readonly ModuleList<TransformerDecoderLayer> layers = nn.ModuleList<TransformerDecoderLayer>();
    readonly LayerNorm? norm;

    internal TransformerDecoder(TransformerDecoderLayer layer, long count, bool normalized = false) : base(nameof(TransformerDecoder))
    {
        componentsRegistered = true;
        for (long i = 0; i < count; i++)
        {
            var copy = new TransformerDecoderLayer(layer.Settings);
            copy.load_state_dict(layer.state_dict());
            layers.Add(copy);
        }
        register_module("layers", layers);
        if (normalized) register_module("norm", norm = nn.LayerNorm(layer.Settings.Model));
    }

    public Tensor call(Tensor tgt, Tensor memory) => call(tgt, memory, null);

    public new Tensor call(Tensor tgt, Tensor memory, Tensor? tgt_mask, Tensor? memory_mask = null, Tensor? tgt_key_padding_mask = null, Tensor? memory_key_padding_mask = null) =>
        base.call(tgt, memory, tgt_mask, memory_mask, tgt_key_padding_mask, memory_key_padding_mask);

    public override Tensor forward(Tensor tgt, Tensor memory, Tensor? tgt_mask, Tensor? memory_mask = null, Tensor? tgt_key_padding_mask = null, Tensor? memory_key_padding_mask = null)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = tgt;
        foreach (TransformerDecoderLayer layer in layers) x = layer.call(x, memory, tgt_mask, memory_mask, tgt_key_padding_mask, memory_key_padding_mask);
        if (norm is not null) x = norm.call(x);
        return ReferenceEquals(x, tgt) ? tgt.alias().MoveToOuterDisposeScope() : x.MoveToOuterDisposeScope();
    }
}
