using DiffusionBatch.Diffusion.Checkpoints;
using TorchSharp.Modules;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace DiffusionBatch.Diffusion.Models;

/// <summary>
/// XLM-R and RoBERTa with their masked-language-model head (reference A.11): learned positions from 2 on, counted for all
/// slots; one token-type row added everywhere; post-LayerNorm layers; a head of dense, GELU, LayerNorm and the word
/// embeddings as output projection with a bias of its own. In training, dropout follows the embeddings' LayerNorm, the
/// attention probabilities and each of a layer's two output projections, as in Hugging Face's model.
/// </summary>
public sealed class XlmRoberta : MaskedLanguageModel
{
    readonly Parameter words, positions, types, outputBias;
    readonly Norm embeddingNorm, headNorm;
    readonly Affine headDense;
    readonly TransformerLayer[] layers;

    /// <summary>Creates the model with uninitialised weights: load or <see cref="Initialise"/> them.</summary>
    /// <param name="config">Its configuration.</param>
    /// <param name="device">Where it lives; the CPU when null.</param>
    public XlmRoberta(ModelConfig config, Device? device = null)
        : base(config, RobertaLayout.Of(config), device)
    {
        double epsilon = config.LayerNormEpsilon;
        words = Named[RobertaLayout.WordEmbeddings];
        positions = Named[RobertaLayout.PositionEmbeddings];
        types = Named[RobertaLayout.TypeEmbeddings];
        outputBias = Named[RobertaLayout.OutputBias];
        embeddingNorm = new Norm(Named, "roberta.embeddings.LayerNorm", epsilon);
        headDense = new Affine(Named, "lm_head.dense");
        headNorm = new Norm(Named, "lm_head.layer_norm", epsilon);
        layers = [.. Enumerable.Range(0, config.Layers).Select(i =>
            new TransformerLayer(Named, RobertaLayout.Layer(i), config.Heads, epsilon, config.HiddenDropout, config.AttentionDropout))];
    }

    /// <inheritdoc/>
    public override Tensor Hidden(Tensor input_ids, Tensor attention_mask)
    {
        using var scope = NewDisposeScope();
        var (x, bias) = Body(input_ids, attention_mask);
        return layers[^1].Finish(x, layers[^1].Attend(x, bias, training), training).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override Tensor HiddenRows(Tensor input_ids, Tensor attention_mask, Tensor rows)
    {
        using var scope = NewDisposeScope();
        var (x, bias) = Body(input_ids, attention_mask);
        var context = layers[^1].Attend(x, bias, training);
        Tensor Pick(Tensor states) => states.view(-1, Config.HiddenSize).index_select(0, rows); // (R, d)
        return layers[^1].Finish(Pick(x), Pick(context), training).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override Tensor Logits(Tensor rows)
    {
        using var scope = NewDisposeScope();
        var h = headNorm.Of(F.gelu(headDense.Of(rows)));
        return F.linear(h, words, outputBias).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Hugging Face's initialisation: weights normal(0, initializer_range), biases 0, LayerNorm 1 and 0, the padding rows 0.
    /// </summary>
    public override void Initialise(long seed)
    {
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        using var draws = new Generator((ulong)seed, Device); // Its own stream: the process-wide one is left alone.
        foreach (var (name, parameter) in Named)
        {
            bool norm = name.EndsWith("LayerNorm.weight", StringComparison.Ordinal) || name.EndsWith("layer_norm.weight", StringComparison.Ordinal);
            if (norm) parameter.fill_(1);
            else if (name.EndsWith(".bias", StringComparison.Ordinal)) parameter.zero_();
            else parameter.normal_(0, Config.InitializerRange, draws);
        }
        words.select(0, Config.PadTokenId).zero_();
        positions.select(0, Config.PadTokenId).zero_();
    }

    /// <summary>All layers but the last.</summary>
    (Tensor X, Tensor Bias) Body(Tensor input_ids, Tensor attention_mask)
    {
        var bias = AttentionBias.Of(attention_mask);
        var x = Embed(input_ids);
        foreach (var layer in layers[..^1]) x = layer.Finish(x, layer.Attend(x, bias, training), training);
        return (x, bias);
    }

    Tensor Embed(Tensor input_ids)
    {
        using var scope = NewDisposeScope();
        long batch = input_ids.size(0), slots = input_ids.size(1);
        if (slots > UsablePositions)
            throw new ArgumentException($"{slots} tokens don't fit the model's {UsablePositions} positions.", nameof(input_ids));
        var place = positions.narrow(0, Config.PositionOffset, slots) + types.select(0, 0); // (N, d)
        var x = words.index_select(0, input_ids.reshape(-1)).view(batch, slots, -1) + place; // (B, N, d)
        x = embeddingNorm.Of(x);
        if (training && Config.HiddenDropout > 0) x = F.dropout(x, Config.HiddenDropout, training);
        return x.MoveToOuterDisposeScope();
    }
}
