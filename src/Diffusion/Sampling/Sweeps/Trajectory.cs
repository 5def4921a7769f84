using DiffusionBatch.Contracts;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Processes;
using DiffusionBatch.Diffusion.Randomness;
using DiffusionBatch.Diffusion.Sampling.Passes;
using DiffusionBatch.Diffusion.Sampling.Presets;
using DiffusionBatch.Diffusion.Sampling.Steps;
using DiffusionBatch.Diffusion.Scores;

namespace DiffusionBatch.Diffusion.Sampling.Sweeps;

/// <summary>
/// One response on its way from noise to tokens: its slots, the score at which each was written, and the step.
/// Cells that would go the same way (same sampler, same length, and the same candidate if it draws) share one.
/// </summary>
internal sealed class Trajectory : Candidate
{
    readonly SamplerSettings _settings;
    readonly SamplerPreset _preset;
    readonly CounterRandom _draws;
    readonly object? _memory;
    readonly SampleItem _item;
    readonly IDenoiser _denoiser;
    readonly MultinomialNoise? _noise;
    readonly int[] _shown;
    readonly int _mask;
    readonly float[] _writtenScores;
    readonly List<TraceStep>? _trace;
    Canvas? _origin;
    (int From, int To) _block;
    double _work;
    int _filled;
    int _open;

    /// <summary>Starts with what the preset starts with: masks, or random tokens.</summary>
    /// <param name="cell">Settings and preset.</param>
    /// <param name="item">The item.</param>
    /// <param name="length">N.</param>
    /// <param name="draws">The stream of (seed, item, candidate).</param>
    /// <param name="mask">M.</param>
    /// <param name="denoiser">The model.</param>
    /// <param name="options">Whether steps are recorded, and the noise that open slots show.</param>
    public Trajectory(CellPlan cell, SampleItem item, int length, CounterRandom draws, int mask, IDenoiser denoiser, SweepOptions options)
    {
        (_settings, _preset, Kind, _item, _draws, _mask, _denoiser, _noise, _open) =
            (cell.Sampler, cell.Preset, cell.Kind, item, draws, mask, denoiser, options.Noise, length);
        Slots = new int[length];
        Array.Fill(Slots, mask);
        _writtenScores = new float[length];
        Array.Fill(_writtenScores, float.NegativeInfinity);
        _trace = options.Trace ? [] : null;
        _shown = _noise is null ? [] : _noise.Draw(length, draws.At(0).At(0));
        _preset.Begin(At(0));
        _open = _preset.Open(At(0));
        _memory = _preset.Remember(At(0));
    }

    /// <summary>(N) x_t: tokens, the mask where open.</summary>
    public int[] Slots { get; }

    /// <summary>(N) the slots as the network sees them: noise in place of the masks where the process has it.</summary>
    public int[] Seen => _noise is null ? Slots : _shown;

    /// <summary>The last step taken, from 1; 0 at the start.</summary>
    public int Step { get; private set; }

    /// <summary>What of the settings the network's passes depend on.</summary>
    public CanvasKind Kind { get; }

    /// <summary>Whether the next step reads rows of logits themselves: it needs a pass though the canvas was predicted before.</summary>
    public bool ReadsRows => IsTempered || Need.Statistics.HasFlag(RowStatistics.Logits);

    /// <summary>Whether the next step reads whole rows of logits, to draw from or to rank by.</summary>
    public bool WantsLogits => IsTempered || Need.Statistics != RowStatistics.None;

    /// <summary>Whether tokens are drawn from rows of logits.</summary>
    public bool IsTempered => _settings.Temperature > 0 && _preset.DrawsTokens;

    /// <summary>The noise level that the next step tells the network; null for networks that aren't told any.</summary>
    public double? Sigma => _preset.Sigma(Next);

    /// <summary>The temperature; 0 takes the most probable token.</summary>
    public double Temperature => _settings.Temperature;

    /// <summary>The sampler's choices.</summary>
    public SamplerSettings Settings => _settings;

    /// <inheritdoc/>
    public override IReadOnlyList<TraceStep>? Trace => _trace;

    /// <inheritdoc/>
    public override int[] Ids => Slots;

    /// <inheritdoc/>
    public override PassCount Passes(SampleItem item) =>
        new(item.Prefix, item.Fixed + Slots.Length + Kind.Closing, Slots.Length, Nfe) { Work = Kind.Keeps ? _work : null };

    /// <summary>Nothing can change any more: the last step is done, or no slot is open and every later count is 0.</summary>
    public bool IsDone => _open == 0 && (Slots.Length == 0 || _preset.IsSettled(Next));

    /// <summary>
    /// Mean over the slots of the log-probability at which each was written, those apart that no pass wrote; 0 without slots.
    /// </summary>
    public override double Score
    {
        get
        {
            double sum = 0;
            foreach (float score in _writtenScores) sum += score;
            return Slots.Length == 0 ? 0 : sum / (Slots.Length - _filled);
        }
    }

    /// <summary>
    /// What the next prediction depends on beside the slots. Where a block's keys and values are kept, those of its first pass.
    /// </summary>
    public CanvasState State => _origin is not null && (!Reads || _block == Block) ? new(Kind, _origin, _block) : new(Kind, null, default);

    (int From, int To) Block => (Need.From, Need.To);

    /// <summary>Which predictions the next step reads.</summary>
    public SlotNeed Need => NeedOf(Next);

    /// <summary>Whether the next step reads any prediction: a block that is full may have steps left.</summary>
    public bool Reads
    {
        get
        {
            var need = Need;
            for (int i = need.From; i < need.To; i++)
                if (need.Includes(i, Slots)) return true;
            return false;
        }
    }

    // As the step after this one sees it.
    Denoising Next => At(Step + 1);

    Denoising At(int step) => new(_settings, Slots, _writtenScores, step, _open, _mask, _draws.At(step))
    {
        Memory = _memory,
        Item = _item,
        Vocabulary = _denoiser.VocabularySize,
        Diffusion = _denoiser.Diffusion,
        Noise = _noise,
        Shown = _shown,
        Eos = _denoiser.Eos,
    };

    // What a canvas of noise shows doesn't tell which slots are open.
    SlotNeed NeedOf(in Denoising x) => _noise is null ? _preset.Need(x) : _preset.Need(x) with { OpenOnly = false };

    /// <summary>
    /// Takes the steps that the prediction of the present canvas allows: one, and as long as the canvas stays the same (its
    /// pass needn't be repeated) those after it.
    /// </summary>
    /// <param name="canvas">The canvas equal to <see cref="Seen"/>, predicted.</param>
    /// <param name="rows">The prediction itself, while it is at hand; else null.</param>
    /// <param name="logits">The source of draws at temperatures above 0.</param>
    /// <param name="buffers">Scratch.</param>
    public void Advance(Canvas canvas, CanvasRows? rows, TemperedRows logits, StepBuffers buffers)
    {
        bool counted = false;
        if (Kind.Keeps && canvas.Origin is null && Reads) Enter(canvas);
        do
        {
            if (!counted && Reads)
            {
                Nfe += Kind.Passes;
                _work += canvas.Origin is null
                    ? Kind.Passes
                    : (double)((Kind.Cache == CacheKind.Dual ? _block.To : Slots.Length) - _block.From) / Slots.Length;
                Seconds += canvas.Seconds;
                counted = true;
            }
            TakeStep(canvas, rows, logits, buffers);
            if (_settings.EndAtEos is true && _item.Holes.Length == 0) End(buffers);
            _open = _preset.Open(At(Step));
            if (buffers.Changed) _trace?.Add(new TraceStep(Step, [.. buffers.Written], [.. buffers.Masked]));
        }
        while (Seen.AsSpan().SequenceEqual(canvas.Slots) && !IsDone && Sigma == canvas.Sigma
            && (ReadsRows ? rows is not null && canvas.Delivers(Need) : canvas.Has(Need)));
    }

    // Fills what stands behind the first closing token once all before it is written. Only presets that never mask again have the setting,
    // so that nothing behind it could change the text.
    void End(StepBuffers buffers)
    {
        int end = Array.IndexOf(Slots, _denoiser.Eos), open = Array.IndexOf(Slots, _mask);
        if (_denoiser.Eos < 0 || end < 0 || open < end) return;
        for (int i = open; i < Slots.Length; i++)
        {
            if (Slots[i] != _mask) continue;
            (Slots[i], _writtenScores[i]) = (_denoiser.Eos, 0);
            buffers.Written.Add(new(i, _denoiser.Eos, 0));
            _filled++;
        }
        buffers.Written.Sort((a, b) => a.Position.CompareTo(b.Position));
    }

    /// <summary>Has tokens drawn from a prediction.</summary>
    public void Bind(TemperedRows logits, CanvasRows rows) => logits.Bind(rows, _settings, _preset.NucleusStaysWithin);

    // The canvas with which a block begins, on whose keys and values the block's further passes go.
    void Enter(Canvas canvas)
    {
        _origin?.Release();
        (_origin, _block) = (canvas, Block);
        _origin.Hold();
    }

    /// <inheritdoc/>
    public override void Finish(bool traced, Queue<SampleResult> results)
    {
        _origin?.Release();
        _origin = null;
        base.Finish(traced, results);
    }

    void TakeStep(Canvas canvas, CanvasRows? rows, TemperedRows logits, StepBuffers buffers)
    {
        var x = Next;
        var need = NeedOf(x);
        if (need.Statistics.HasFlag(RowStatistics.Logits)) x = x with { Rows = Rows(canvas, rows!) };
        else if (need.Statistics != RowStatistics.None) x = x with { Margins = canvas.Margins, Entropies = canvas.Entropies };
        Step++;
        ReadOnlySpan<int> tokens = canvas.Tokens;
        ReadOnlySpan<float> scores = canvas.Scores;
        if (IsTempered)
        {
            var drawn = buffers.Tokens(Slots.Length);
            var drawnScores = buffers.Scores(Slots.Length);
            var uniforms = x.Draws.At(0);
            for (int i = 0; i < drawn.Length; i++)
                if (need.Includes(i, Slots)) (drawn[i], drawnScores[i]) = logits.Draw(canvas.RowOf(i), uniforms.Uniform(i));
            tokens = drawn;
            scores = drawnScores;
        }
        _preset.Step(x, tokens, scores, buffers);
        if (_noise is null) return;
        foreach (var written in buffers.Written) _shown[written.Position] = written.Id;
    }

    // Apart, so that only steps that read rows pay for the closure.
    static Func<int, (ReadOnlyMemory<float> Logits, float LogNormalizer)> Rows(Canvas canvas, CanvasRows rows) =>
        slot =>
        {
            int row = canvas.RowOf(slot);
            return (rows.RowOf(row), rows.LogNormalizers[row]);
        };
}
