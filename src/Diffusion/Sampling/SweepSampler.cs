using DiffusionBatch.Contracts.Fields;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Checkpoints;
using DiffusionBatch.Diffusion.Lengths;
using DiffusionBatch.Diffusion.Models;
using DiffusionBatch.Diffusion.Sampling.Passes;
using DiffusionBatch.Diffusion.Sampling.Sweeps;
using DiffusionBatch.Diffusion.Tokenization;

namespace DiffusionBatch.Diffusion.Sampling;

/// <summary>
/// Samples every item in every cell of a sweep. Cells, candidates and items of one prompt share each forward pass that they have in
/// common; the results are those of each cell alone, to the last bit, whatever the batch budget or the order of the items.
/// </summary>
public sealed class SweepSampler
{
    readonly IDenoiser _denoiser;
    readonly int _mask;
    readonly SweepOptions _options;
    readonly TimeProvider _time;
    CostMeter? _meter;

    /// <summary>A sampler with a model, which it turns to evaluation and doesn't own.</summary>
    /// <param name="model">The denoiser.</param>
    /// <param name="lengthPredictor">Null where lengths are given.</param>
    /// <param name="specials">The model's ids of <c>&lt;pad&gt;</c>, <c>&lt;/s&gt;</c> and M.</param>
    /// <param name="options">Seed, batch budget, tracing.</param>
    /// <param name="attention">Which positions see which, as in training.</param>
    /// <param name="newline">The id that ends a block of blockwise attention, -1 for none.</param>
    /// <param name="time">The clock of the measurements.</param>
    /// <param name="shift">Whether the logits at a position are for the token after it.</param>
    /// <param name="blockLength">Tokens of a block that attention goes by, as in training; 0 for none.</param>
    /// <exception cref="ArgumentOutOfRangeException">A batch of no tokens.</exception>
    public SweepSampler(LanguageModel model, LengthPredictor? lengthPredictor, SpecialTokens specials, SweepOptions options,
        AttentionKind attention = AttentionKind.Full, int newline = -1, TimeProvider? time = null, bool shift = false, int blockLength = 0)
        : this(new TorchDenoiser(model, lengthPredictor, specials, attention, shift, newline, time ?? TimeProvider.System, blockLength)
        {
            NextToken = new SequenceModel(model, attention, specials.Mask),
        }, specials.Mask, options, time)
    {
    }

    /// <summary>A sampler with everything that a checkpoint says: model, length predictor, special tokens, attention.</summary>
    public static SweepSampler For(Checkpoint checkpoint, SweepOptions options, TimeProvider? time = null)
    {
        var (settings, specials) = (checkpoint.Settings, checkpoint.Specials);
        var denoiser = new TorchDenoiser(checkpoint.Model, checkpoint.LengthPredictor, specials, settings?.Attention ?? AttentionKind.Full,
            settings?.Shift ?? false,
            settings?.Newline ?? -1, time ?? TimeProvider.System, settings?.BlockLength ?? 0)
        {
            // A model that wasn't adapted has no mask: any token of its vocabulary may be the next.
            NextToken = new SequenceModel(checkpoint.Model, settings?.Attention ?? AttentionKind.Causal,
                settings is null ? -1 : specials.Mask),
        };
        return new SweepSampler(denoiser, specials.Mask, options with
        {
            Closing = checkpoint.Closing,
            BlockLength = settings?.BlockLength ?? options.BlockLength,
            Noise = settings?.MultinomialNoise(checkpoint.Model.VocabularySize),
        }, time);
    }

    /// <summary>A sampler over any model of p(x_0 | x_t).</summary>
    internal SweepSampler(IDenoiser denoiser, int mask, SweepOptions options, TimeProvider? time = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.BatchTokens, 1);
        (_denoiser, _mask, _options, _time) = (denoiser, mask, options, time ?? TimeProvider.System);
    }

    /// <summary>Whether the machine has instructions for products in bfloat16; without them they are emulated.</summary>
    public bool IsFastAtBfloat16 => _denoiser.IsFastAtBfloat16;

    /// <summary>The cost of the latest run so far; null before the first.</summary>
    public SweepSummary? Summary => _meter?.Summary;

    /// <summary>
    /// Streams one result for each item and cell, in the order in which they are finished
    /// (<see cref="SampleResult.ItemIndex"/> and <see cref="SampleResult.CellIndex"/> say where each belongs). Items are read as
    /// there's room for them. One run at a time.
    /// </summary>
    /// <param name="items">The input; ids unique. Null says that no item is there at present: the run goes on with what it has, and asks
    /// again after the next pass.</param>
    /// <param name="cells">The sweep, at least one cell.</param>
    /// <param name="progress">Told after every forward pass.</param>
    /// <param name="checks">Cells that <see cref="SampleItem.IsChecked"/> items alone are sampled in, numbered behind the others; null for
    /// none.</param>
    /// <param name="cancellationToken">Stops between passes.</param>
    /// <exception cref="ArgumentException">No cell, or one with a value outside its range.</exception>
    public IEnumerable<SampleResult> Run(IEnumerable<SampleItem?> items, IReadOnlyList<SamplerSettings> cells,
        IProgress<SweepProgress>? progress = null, IReadOnlyList<SamplerSettings>? checks = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(items);
        if (cells.Count == 0) throw new ArgumentException("A sweep has at least one cell.", nameof(cells));
        var model = _denoiser.Diffusion is not null ? SampledModel.Scores : _options.Noise is not null
            ? SampledModel.Noise
            : SampledModel.Masks;
        SamplerSettings[] all = [.. cells, .. checks ?? []];
        foreach (var cell in all)
        {
            if (Ranges.Problems(cell) is [{ } problem, ..]) throw new ArgumentOutOfRangeException(nameof(cells), problem);
            if (PresetFit.Problem(cell.Preset, model) is { } misfit) throw new ArgumentException(misfit, nameof(cells));
        }
        _meter = new CostMeter(_time, all.Length == cells.Count
            && items.TryGetNonEnumeratedCount(out int count) ? (long)count * cells.Count : null);
        CellPlan[] plans = [.. all.Select((cell, c) => CellPlan.Of(cell, _options) with { IsCheck = c >= cells.Count })];
        return new SweepRun(_denoiser, _mask, _options, plans, _meter, _time).Execute(items, progress, cancellationToken);
    }
}
