using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Self-attention and a feed-forward block, each followed by its residual sum and LayerNorm: (L, N, d_model).</summary>
public sealed class TransformerEncoderLayer : nn.Module<Tensor, Tensor>, nn.IModule<Tensor, Tensor, Tensor>, nn.IModule<Tensor, Tensor, Tensor, Tensor>
{
    readonly MultiheadAttention attention;
    readonly FeedForward block;
    readonly LayerNorm norm1, norm2;
    readonly Dropout dropout1, dropout2;

    internal TransformerEncoderLayer(TransformerSettings settings) : base(nameof(TransformerEncoderLayer))
    {
        componentsRegistered = true;
        Settings = settings;
        register_module("self_attn", attention = settings.Attention());
        block = new FeedForward(this, settings);
        register_module("norm1", norm1 = nn.LayerNorm(settings.Model));
        register_module("norm2", norm2 = nn.LayerNorm(settings.Model));
        register_module("dropout1", dropout1 = nn.Dropout(settings.Dropout));
        register_module("dropout2", dropout2 = nn.Dropout(settings.Dropout));
    }

    internal TransformerSettings Settings { get; }

    public override Tensor forward(Tensor src) => Run(src, null, null);

    public Tensor call(Tensor src, Tensor? src_mask) => Run(src, src_mask, null);

    /// <summary>With a mask of pairs (L, L) and one of padding (N, L), true where hidden.</summary>
    public Tensor call(Tensor src, Tensor? src_mask, Tensor? src_key_padding_mask) => Run(src, src_mask, src_key_padding_mask);

    internal Tensor Run(Tensor src, Tensor? mask, Tensor? padding)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = norm1.call(src.add(dropout1.call(attention.call(src, src, src, padding, false, mask).Item1)));
        return norm2.call(x.add(dropout2.call(block.Run(x)))).MoveToOuterDisposeScope();
    }
}
