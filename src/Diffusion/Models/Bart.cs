using DiffusionBatch.Diffusion.Models.Families;
using DiffusionBatch.Diffusion.Models.Layers;
using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Models;

/// <summary>
/// The encoder-decoder Transformer under BART's names (Vaswani et al. 2017, Lewis et al. 2020): the baselines of Ye et al. 2023.
/// The encoder reads the prompt, both ways; the decoder holds the response, whose positions begin anew, sees the whole prompt
/// and as much of the response as the attention strategy allows. So <c>full</c> is a diffusion model's, <c>causal</c> the
/// left-to-right one's.
/// </summary>
public sealed class Bart : LanguageModel
{
    readonly TransformerStack _encoder, _decoder;
    readonly Affine _output;

    /// <summary>Creates the model with uninitialised weights: load or <see cref="LanguageModel.Initialise"/> them.</summary>
    /// <param name="config">Its configuration.</param>
    /// <param name="device">Where it lives; the CPU when null.</param>
    public Bart(ModelConfig config, Device? device = null)
        : base(config, device)
    {
        _encoder = new TransformerStack(this, BartFamily.Encoder, config.Layers, config.Heads, isDecoder: false);
        _decoder = new TransformerStack(this, BartFamily.Decoder, config.Integer("decoder_layers"),
            config.Integer("decoder_attention_heads"), isDecoder: true);
        _output = Output(config.IsTied ? BartFamily.Words : BartFamily.OutputWeight, BartFamily.OutputBias);
    }

    private protected override IReadOnlyList<ITransformerLayer> Layers => [];

    /// <summary>The encoder's states where the prompts stand, the decoder's where the responses do.</summary>
    /// <inheritdoc/>
    public override Tensor Hidden(Tensor input_ids, Tensor attention_mask, Tensor? positions = null, CanvasParts? parts = null)
    {
        ArgumentNullException.ThrowIfNull(parts);
        if (positions is not null) throw new ArgumentException("An encoder-decoder counts its positions itself.", nameof(positions));
        if (parts.Lengths.Max() is var longest && longest > UsablePositions)
            throw new ArgumentException($"{longest} tokens don't fit the model's {UsablePositions} positions.", nameof(parts));
        using var scope = NewDisposeScope();
        var split = new CanvasSplit(parts, (int)input_ids.size(1));
        var flat = input_ids.reshape(-1); // (B N)
        var promptBias = AttentionBias.Of(tensor(split.Prompted, [split.Rows, split.PromptColumns], device: Device)); // (B, 1, 1, P)
        var memory = _encoder.Of(Pick(flat, split.PromptPlaces).view(split.Rows, split.PromptColumns), promptBias); // (B, P, d)
        var states = memory.view(-1, Config.HiddenSize); // (B P, d)
        if (split.ResponseColumns > 0)
        {
            var seen = tensor(split.Responded, [split.Rows, split.ResponseColumns], device: Device); // (B, T)
            if (attention_mask.dim() == 3)
            {
                var pairs = Pick(attention_mask.reshape(-1), split.ResponsePairs)
                    .view(split.Rows, split.ResponseColumns, split.ResponseColumns);
                var idle = tensor(split.Idle, [split.Rows, split.ResponseColumns, 1], device: Device);
                seen = pairs.logical_or(idle).logical_and(seen.unsqueeze(1)); // (B, T, T), query by key
            }
            var responses = _decoder.Of(Pick(flat, split.ResponsePlaces).view(split.Rows, split.ResponseColumns), AttentionBias.Of(seen),
                memory, promptBias); // (B, T, d)
            states = cat([states, responses.view(-1, Config.HiddenSize)], 0); // (B P + B T, d)
        }
        return Pick(states, split.States).view(split.Rows, input_ids.size(1), -1).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override Tensor HiddenRows(Tensor input_ids, Tensor attention_mask, Tensor rows, CanvasParts? parts = null)
    {
        using var scope = NewDisposeScope();
        return Hidden(input_ids, attention_mask, null, parts).view(-1, Config.HiddenSize).index_select(0, rows).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override Tensor Logits(Tensor rows)
    {
        using var scope = NewDisposeScope();
        return _output.Of(rows).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Hugging Face's own pass: the encoder reads the ids, the causal decoder the same ids shifted right behind
    /// <c>decoder_start_token_id</c>, so that each state is for its position's id.
    /// </summary>
    /// <param name="input_ids">// (N)</param>
    /// <param name="attention_mask">Which tokens the encoder's states are seen of. // (N)</param>
    /// <returns>// (1, N, d)</returns>
    internal Tensor OwnStates(long[] input_ids, bool[] attention_mask)
    {
        using var scope = NewDisposeScope();
        int n = input_ids.Length;
        var bias = AttentionBias.Of(tensor(attention_mask, [1, n], device: Device));
        var memory = _encoder.Of(tensor(input_ids, [1, n], device: Device), bias);
        long[] shifted = [Config.Integer("decoder_start_token_id"), .. input_ids.AsSpan(0, n - 1)];
        var causal = AttentionBias.Of(ones([1, n, n], dtype: @bool, device: Device).tril());
        return _decoder.Of(tensor(shifted, [1, n], device: Device), causal, memory, bias).MoveToOuterDisposeScope();
    }

    private protected override Tensor Embed(Tensor input_ids, Tensor? positions) =>
        throw new NotSupportedException("Each stack has its own.");

    Tensor Pick(Tensor from, long[] places)
    {
        using var index = tensor(places, device: Device);
        return from.index_select(0, index);
    }
}
