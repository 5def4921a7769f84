using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Self-attention, attention to an encoder's output and a feed-forward block, each followed by its residual sum and LayerNorm.</summary>
public sealed class TransformerDecoderLayer : nn.Module<Tensor, Tensor, Tensor?, Tensor?, Tensor?, Tensor?, Tensor>, nn.IModule<Tensor, Tensor, Tensor>
{
    readonly MultiheadAttention attention, cross;
    readonly FeedForward block;
    readonly LayerNorm norm1, norm2, norm3;
    readonly Dropout dropout1, dropout2, dropout3;

    internal TransformerDecoderLayer(TransformerSettings settings) : base(nameof(TransformerDecoderLayer))
    {
        componentsRegistered = true;
        Settings = settings;
        register_module("self_attn", attention = settings.Attention());
        register_module("dropout1", dropout1 = nn.Dropout(settings.Dropout));
        register_module("norm1", norm1 = nn.LayerNorm(settings.Model));
        register_module("multihead_attn", cross = settings.Attention());
        register_module("dropout2", dropout2 = nn.Dropout(settings.Dropout));
        register_module("norm2", norm2 = nn.LayerNorm(settings.Model));
        block = new FeedForward(this, settings);
        register_module("dropout3", dropout3 = nn.Dropout(settings.Dropout));
        register_module("norm3", norm3 = nn.LayerNorm(settings.Model));
    }

    internal TransformerSettings Settings { get; }

    public Tensor call(Tensor tgt, Tensor memory) => call(tgt, memory, null);

    public new Tensor call(Tensor tgt, Tensor memory, Tensor? tgt_mask, Tensor? memory_mask = null, Tensor? tgt_key_padding_mask = null, Tensor? memory_key_padding_mask = null) =>
        base.call(tgt, memory, tgt_mask, memory_mask, tgt_key_padding_mask, memory_key_padding_mask);

    public override Tensor forward(Tensor tgt, Tensor memory, Tensor? tgt_mask, Tensor? memory_mask, Tensor? tgt_key_padding_mask, Tensor? memory_key_padding_mask)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = norm1.call(tgt.add(dropout1.call(attention.call(tgt, tgt, tgt, tgt_key_padding_mask, false, tgt_mask).Item1)));
        x = norm2.call(x.add(dropout2.call(cross.call(x, memory, memory, memory_key_padding_mask, false, memory_mask).Item1)));
        return norm3.call(x.add(dropout3.call(block.Run(x)))).MoveToOuterDisposeScope();
    }
}
