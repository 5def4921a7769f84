using DiffusionBatch.Diffusion.Sampling.Passes;
using DiffusionBatch.Diffusion.Sampling.Steps;

namespace DiffusionBatch.Diffusion.Sampling.Sweeps;

/// <summary>
/// One distinct state of the slots of a prompt, with the model's prediction there as far as it was computed. Every item, cell, candidate
/// and step that reaches this state (for a network that is told the noise level: at the same level) shares it.
/// </summary>
/// <param name="slots">(N) tokens, the mask where open; owned by this object.</param>
/// <param name="state">Its kind, and what else the prediction depends on.</param>
internal sealed class Canvas(int[] slots, CanvasState state)
{
    const int Unknown = -1;

    // What is computed of a row once and kept with the canvas.
    const RowStatistics Kept = RowStatistics.Margin | RowStatistics.Entropy;

    readonly bool[] _needed = new bool[slots.Length];
    int[] _rows = [];
    IKeptKeys? _kept;
    int _holders;

    /// <summary>(N) tokens.</summary>
    public int[] Slots => slots;

    /// <summary>(N) the most probable token of each slot, -1 where not computed.</summary>
    public int[] Tokens { get; } = Filled(slots.Length);

    /// <summary>(N) its log-probability.</summary>
    public float[] Scores { get; } = new float[slots.Length];

    /// <summary>What closes the slots, and guidance.</summary>
    public CanvasKind Kind => state.Kind;

    /// <summary>The canvas with which its block began, whose keys and values it is predicted with; null for a whole pass.</summary>
    public Canvas? Origin => state.Origin;

    /// <summary>The noise level that the network is told; null where it isn't told any.</summary>
    public double? Sigma { get; init; }

    /// <summary>The wall time of the pass that a trajectory alone would have needed here.</summary>
    public double Seconds { get; private set; }

    /// <summary>The trajectories that wait for this prediction.</summary>
    public List<Trajectory> Waiting { get; } = [];

    /// <summary>Whether a pass is asked for and hasn't come.</summary>
    public bool IsPending => Waiting.Count > 0;

    /// <summary>Whether the most probable tokens at all of the given slots, and what ranks them, are at hand.</summary>
    public bool Has(SlotNeed need)
    {
        if (Kind.Keeps && Origin is null && _kept is null) return false;
        for (int i = 0; i < slots.Length; i++)
            if (need.Includes(i, slots) && (Tokens[i] == Unknown
                || ((need.Statistics & Kept) != 0 && (Entropies.Length == 0 || float.IsNaN(Entropies[i]))))) return false;
        return true;
    }

    /// <summary>(N) p1 - p2 of each slot; empty where nobody asked.</summary>
    public float[] Margins { get; private set; } = [];

    /// <summary>(N) the entropy of each slot's prediction, not a number where it wasn't computed; empty where nobody asked.</summary>
    public float[] Entropies { get; private set; } = [];

    /// <summary>Whether the last delivered prediction has the rows of all of the given slots.</summary>
    public bool Delivers(SlotNeed need)
    {
        for (int i = 0; i < slots.Length; i++)
            if (need.Includes(i, slots) && RowOf(i) < 0) return false;
        return true;
    }

    /// <summary>Puts a trajectory on the waiting list.</summary>
    public void Wait(Trajectory trajectory)
    {
        Waiting.Add(trajectory);
        var need = trajectory.Need;
        for (int i = 0; i < slots.Length; i++) _needed[i] |= need.Includes(i, slots);
    }

    /// <summary>What the model is to compute for those that wait.</summary>
    public CanvasRequest Request(SampleItem item, int mask, IDenoiser denoiser)
    {
        bool logits = Waiting.Exists(t => t.WantsLogits);
        _rows = [.. Enumerable.Range(0, slots.Length).Where(i => _needed[i] && (logits || Tokens[i] == Unknown))];
        return RequestOf(item, logits) with { Current = Current(item, mask, denoiser) };
    }

    CanvasRequest RequestOf(SampleItem item, bool logits) =>
        new(item.PromptIds, slots, _rows, Kind, logits) { Holes = item.Holes, Origin = Origin?._kept, Block = state.Block, Sigma = Sigma };

    /// <summary>
    /// The positions that are computed anew: of the block of the first open slot, where finished blocks are kept, or all behind the
    /// prompt, where prompts are; null for the whole canvas.
    /// </summary>
    public (int From, int To)? Current(SampleItem item, int mask, IDenoiser denoiser)
    {
        int end = item.Fixed + slots.Length + Kind.Closing;
        if (Kind.BehindPrompt(denoiser, item.Prefix, end) is { } behind) return behind;
        if (!Kind.KeepsBlocks || Array.IndexOf(slots, mask) is not (>= 0 and var open)) return null;
        int from = item.PositionOf(open) / Kind.BlockLength * Kind.BlockLength;
        return (from, Math.Min(from + Kind.BlockLength, end));
    }

    /// <summary>Tokens that a pass computes: all, or with the keys and values of its block's beginning some.</summary>
    public int Computed(SampleItem item)
    {
        var request = RequestOf(item, false);
        return Origin is null ? request.Length : request.Run.To - request.Run.From;
    }

    /// <summary>Keeps its keys and values until <see cref="Release"/>.</summary>
    public void Hold() => _holders++;

    /// <summary>Ends a <see cref="Hold"/>; with the last of them its keys and values go.</summary>
    public void Release()
    {
        if (--_holders > 0) return;
        _kept?.Dispose();
        _kept = null;
    }

    /// <summary>Takes in the prediction of the last <see cref="Request"/>; the waiting list is the caller's to serve and clear.</summary>
    public void Store(CanvasRows prediction)
    {
        Seconds = prediction.Seconds;
        if (prediction.Kept is { } fresh)
        {
            _kept?.Dispose();
            _kept = fresh;
        }
        for (int r = 0; r < _rows.Length; r++)
        {
            Tokens[_rows[r]] = prediction.Tokens[r];
            Scores[_rows[r]] = prediction.Scores[r];
        }
        if (Waiting.Exists(t => (t.Need.Statistics & Kept) != 0))
        {
            if (Entropies.Length == 0)
            {
                (Margins, Entropies) = (new float[slots.Length], new float[slots.Length]);
                Array.Fill(Entropies, float.NaN);
            }
            for (int r = 0; r < _rows.Length; r++)
                (Margins[_rows[r]], Entropies[_rows[r]]) = RowStatistic.Of(prediction.LogitsOf(r), prediction.LogNormalizers[r]);
        }
        Array.Clear(_needed);
    }

    /// <summary>The row of the last delivered prediction that belongs to a slot.</summary>
    public int RowOf(int slot) => Array.BinarySearch(_rows, slot);

    static int[] Filled(int n)
    {
        var tokens = new int[n];
        Array.Fill(tokens, Unknown);
        return tokens;
    }
}

/// <summary>What a canvas's prediction depends on beside its slots.</summary>
/// <param name="Kind">What closes them, guidance, and what is kept.</param>
/// <param name="Origin">The canvas with which its block began, whose keys and values it is predicted with; null for a whole pass.</param>
/// <param name="Block">With an origin, the block: its first slot, and the one behind its last.</param>
internal readonly record struct CanvasState(CanvasKind Kind, Canvas? Origin, (int From, int To) Block);
