using DiffusionBatch.Diffusion.Models.Families;
using DiffusionBatch.Diffusion.Models.Layers;
using DiffusionBatch.Diffusion.Scores;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Models;

/// <summary>
/// SEDD's network (Lou et al. 2024, arXiv 2310.16834, section 5.1): a diffusion transformer with rotary positions that is told the noise
/// level sigma (<see cref="CanvasParts.Sigmas"/>) and gives for each position and token y the log of the ratio p_t(y) / p_t(x_t).
/// </summary>
public sealed class Sedd : LanguageModel
{
    readonly Parameter _words;
    readonly SigmaEmbedding _embedding;
    readonly Rotary _rotary;
    readonly SeddBlock[] _blocks;
    readonly AdaptiveNorm _finalNorm;
    readonly Affine _finalModulation, _output;

    /// <summary>Creates the model with uninitialised weights: load or <see cref="LanguageModel.Initialise"/> them.</summary>
    /// <param name="config">Its configuration.</param>
    /// <param name="device">Where it lives; the CPU when null.</param>
    public Sedd(ModelConfig config, Device? device = null)
        : base(config, device)
    {
        _words = Named[SeddFamily.Words];
        _embedding = new SigmaEmbedding(this);
        _rotary = new Rotary(RotaryFrequencies.Of(10000, config.HeadSize, config.MaxPositionEmbeddings, null).Frequencies, 1, Device);
        _blocks = [.. Enumerable.Range(0, config.Layers).Select(i => new SeddBlock(this, $"blocks.{i}", _rotary))];
        _finalNorm = new AdaptiveNorm(this, "output_layer.norm_final");
        _finalModulation = Projection("output_layer.adaLN_modulation");
        _output = Output(SeddFamily.OutputWeight, SeddFamily.OutputBias);
    }

    /// <summary>The process that it is for, as config.json says.</summary>
    public ScoreDiffusion Diffusion => SeddFamily.Diffusion(Config);

    private protected override IReadOnlyList<ITransformerLayer> Layers => [];

    private protected override Tensor Embed(Tensor input_ids, Tensor? positions)
    {
        using var scope = NewDisposeScope();
        return ScatteredRows.Of(_words, input_ids.reshape(-1)).view(input_ids.size(0), input_ids.size(1), -1).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override Tensor Hidden(Tensor input_ids, Tensor attention_mask, Tensor? positions = null, CanvasParts? parts = null)
    {
        using var scope = NewDisposeScope();
        var (x, context, last, final) = Body(input_ids, attention_mask, parts);
        return Close(_blocks[^1].Finish(x, context, last, training), final).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override Tensor HiddenRows(Tensor input_ids, Tensor attention_mask, Tensor rows, CanvasParts? parts = null)
    {
        using var scope = NewDisposeScope();
        var (x, context, last, final) = Body(input_ids, attention_mask, parts);
        var canvases = rows.div(input_ids.size(1), rounding_mode: RoundingMode.floor); // (R)
        Tensor Pick(Tensor states) => states.view(-1, states.size(2)).index_select(0, rows); // (R, d)
        Tensor Own(Tensor modulations) => modulations.squeeze(1).index_select(0, canvases);
        return Close(_blocks[^1].Finish(Pick(x), Pick(context), Own(last), training), Own(final)).MoveToOuterDisposeScope();
    }

    /// <summary>The logits of rows, of which <see cref="LogScores"/> makes ratios. // (R, d) to (R, V)</summary>
    public override Tensor Logits(Tensor rows) => _output.Of(rows);

    /// <summary>
    /// log s_y of rows: 0 at the token that stands there. Where the network is scaled by sigma, log(e^sigma - 1) and log(V - 1) are taken
    /// off the others, so that a new network's ratios are about right on average (section 5.1).
    /// </summary>
    /// <param name="logits">// (R, V)</param>
    /// <param name="current">The tokens that stand there. // (R)</param>
    /// <param name="sigmas">The noise level of each row's canvas. // (R)</param>
    /// <returns>// (R, V) float32</returns>
    public Tensor LogScores(Tensor logits, long[] current, double[] sigmas)
    {
        ArgumentNullException.ThrowIfNull(logits);
        using var scope = NewDisposeScope();
        var x = logits.to(float32);
        if (SeddFamily.Scales(Config))
        {
            double all = Math.Log(VocabularySize - 1);
            x = x - tensor(Array.ConvertAll(sigmas, s => (float)(Math.Log(ScoreGraph.Expm1(s)) + all)), [sigmas.Length, 1],
                device: x.device);
        }
        return x.scatter(1, tensor(current, [current.Length, 1], device: x.device), zeros([current.Length, 1], device: x.device))
            .MoveToOuterDisposeScope();
    }

    /// <summary>All blocks but the last's second part: its input, what it gathered, its modulations and those of the output.</summary>
    (Tensor X, Tensor Context, Tensor Last, Tensor Final) Body(Tensor input_ids, Tensor attention_mask, CanvasParts? parts)
    {
        long batch = input_ids.size(0);
        if (input_ids.size(1) > CanvasShape.Padded(UsablePositions))
            throw new ArgumentException($"{input_ids.size(1)} tokens don't fit the model's {UsablePositions} positions.",
                nameof(input_ids));
        var bias = AttentionBias.Of(attention_mask);
        var condition = _embedding.Of(parts?.Sigmas ?? new double[batch]); // (B or more, cond)
        Tensor Own(Tensor modulations) => modulations.narrow(0, 0, batch).unsqueeze(1); // (B, 1, ...)
        bool recomputes = RecomputesActivations && training && is_grad_enabled();
        var x = Embed(input_ids, null);
        foreach (var block in _blocks[..^1])
        {
            var own = Own(block.Modulation(condition));
            x = recomputes
                ? Recomputed.Of(t => block.Finish(t[0], block.Attend(t[0], t[1], t[2]), t[1], training: true), [x, own], [bias], Dropout)
                : block.Finish(x, block.Attend(x, own, bias), own, training);
        }
        var last = Own(_blocks[^1].Modulation(condition));
        return (x, _blocks[^1].Attend(x, last, bias), last, Own(_finalModulation.Of(condition).to(float32)));
    }

    Tensor Close(Tensor states, Tensor modulations)
    {
        var m = modulations.chunk(2, -1);
        return _finalNorm.Of(states, m[0], m[1]);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) _rotary.Dispose();
        base.Dispose(disposing);
    }
}
