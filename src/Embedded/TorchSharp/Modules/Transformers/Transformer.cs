using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>An encoder and a decoder with final LayerNorms (Vaswani et al. 2017): src (S, N, d_model), tgt (T, N, d_model).</summary>
public sealed class Transformer : nn.Module<Tensor, Tensor, Tensor>
{
    readonly TransformerSettings settings;
    readonly TransformerEncoder encoder;
    readonly TransformerDecoder decoder;

    internal Transformer(TransformerSettings settings, long encoderLayers, long decoderLayers) : base(nameof(Transformer))
    {
        componentsRegistered = true;
        this.settings = settings;
        using (var layer = new TransformerEncoderLayer(settings)) register_module("encoder", encoder = new TransformerEncoder(layer, encoderLayers, true));
        using (var layer = new TransformerDecoderLayer(settings)) register_module("decoder", decoder = new TransformerDecoder(layer, decoderLayers, true));
        foreach (Parameter parameter in parameters())
            if (parameter.Rank > 1) nn.init.xavier_uniform_(parameter);
    }

    /// <summary>With masks of pairs (S, S), (T, T) and (T, S), and of padding (N, S), (N, T) and (N, S).</summary>
    public Tensor call(Tensor src, Tensor tgt, Tensor? src_mask, Tensor? tgt_mask = null, Tensor? memory_mask = null, Tensor? src_key_padding_mask = null, Tensor? tgt_key_padding_mask = null, Tensor? memory_key_padding_mask = null)
    {
        if (src.Rank != 3 || tgt.Rank != 3) throw new ExternalException($"src and tgt should have 3 dimensions, but got {src.Rank} and {tgt.Rank}");
        if (src.sizes[1] != tgt.sizes[1]) throw new ExternalException($"src and tgt should have equal batch size (at dim 1), but got {src.sizes[1]} and {tgt.sizes[1]}");
        if (src.sizes[2] != settings.Model || tgt.sizes[2] != settings.Model)
            throw new ExternalException($"src and tgt should have same feature size as d_model (at dim 2), but got {src.sizes[2]} and {tgt.sizes[2]} while d_model is {settings.Model}");
        using Tensor memory = encoder.call(src, src_mask, src_key_padding_mask);
        return decoder.call(tgt, memory, tgt_mask, memory_mask, tgt_key_padding_mask, memory_key_padding_mask);
    }

    public override Tensor forward(Tensor src, Tensor tgt) => call(src, tgt, null);
}
