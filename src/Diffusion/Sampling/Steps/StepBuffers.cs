using DiffusionBatch.Contracts;

namespace DiffusionBatch.Diffusion.Sampling.Steps;

/// <summary>What one step reads and leaves behind, reused from step to step: no allocation in the loop.</summary>
public sealed class StepBuffers
{
    RankedSlot[] _ranked = [];
    int[] _tokens = [];
    float[] _scores = [];
    double[] _ratios = [], _probabilities = [];
    bool[] _low = [];

    /// <summary>The slots written by the last step, by position.</summary>
    public List<TraceWrite> Written { get; } = [];

    /// <summary>The slots masked again by the last step, by position.</summary>
    public List<int> Masked { get; } = [];

    /// <summary>Whether the last step changed the canvas.</summary>
    public bool Changed => Written.Count + Masked.Count > 0;

    /// <summary>Room to rank n slots.</summary>
    internal Span<RankedSlot> Ranked(int n) => Room(ref _ranked, n);

    /// <summary>Room for the tokens drawn for n slots.</summary>
    public Span<int> Tokens(int n) => Room(ref _tokens, n);

    /// <summary>Room for the log-probabilities of those tokens.</summary>
    public Span<float> Scores(int n) => Room(ref _scores, n);

    /// <summary>Room for a row's scores, and for the probabilities made of them.</summary>
    internal (ReadOnlyMemory<double> Scores, Memory<double> Probabilities) Row(ReadOnlySpan<float> logScores)
    {
        var room = Room(ref _ratios, logScores.Length);
        Room(ref _probabilities, logScores.Length);
        for (int y = 0; y < room.Length; y++) room[y] = Math.Exp(logScores[y]);
        return (_ratios.AsMemory(0, room.Length), _probabilities.AsMemory(0, room.Length));
    }

    /// <summary>Room for the marks of the K lowest of n slots, cleared.</summary>
    public Span<bool> Low(int n)
    {
        var marks = Room(ref _low, n);
        marks.Clear();
        return marks;
    }

    /// <summary>Forgets the last step's changes.</summary>
    public void Clear()
    {
        Written.Clear();
        Masked.Clear();
    }

    static Span<T> Room<T>(ref T[] array, int n)
    {
        if (array.Length < n) array = new T[Math.Max(n, 2 * array.Length)];
        return array.AsSpan(0, n);
    }
}

/// <summary>A slot with the value it's ranked by; the order is total: by value, then by position.</summary>
internal readonly record struct RankedSlot(double Value, int Position) : IComparable<RankedSlot>
{
    /// <inheritdoc/>
    public int CompareTo(RankedSlot other)
    {
        int byValue = Value.CompareTo(other.Value);
        return byValue != 0 ? byValue : Position.CompareTo(other.Position);
    }
}

/// <summary>Which slots' predictions the next step reads: only those pass the vocabulary projection.</summary>
/// <param name="Mask">M.</param>
/// <param name="OpenOnly">Written slots aren't ranked: no slot will be masked again.</param>
/// <param name="From">The first slot.</param>
/// <param name="To">The slot behind the last one.</param>
public readonly record struct SlotNeed(int Mask, bool OpenOnly, int From, int To)
{
    /// <summary>What else of a slot's prediction is read, beside its most probable token and that token's score.</summary>
    public RowStatistics Statistics { get; init; }

    /// <summary>All slots, or all that are open.</summary>
    public static SlotNeed All(in Denoising x, bool openOnly) => new(x.Mask, openOnly, 0, x.Slots.Length);

    /// <summary>Whether the prediction at a slot is read.</summary>
    public bool Includes(int slot, ReadOnlySpan<int> slots) => slot >= From && slot < To && (!OpenOnly || slots[slot] == Mask);
}
