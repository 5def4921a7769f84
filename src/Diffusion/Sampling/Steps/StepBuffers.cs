namespace DiffusionBatch.Diffusion.Sampling.Steps;

/// <summary>What one step reads and leaves behind, reused from step to step: no allocation in the loop.</summary>
internal sealed class StepBuffers
{
    RankedSlot[] ranked = [];
    int[] tokens = [];
    float[] scores = [];
    bool[] low = [];

    /// <summary>The slots written by the last step, by position.</summary>
    public List<WrittenToken> Written { get; } = [];

    /// <summary>The slots masked again by the last step, by position.</summary>
    public List<int> Masked { get; } = [];

    /// <summary>Whether the last step changed the canvas.</summary>
    public bool Changed => Written.Count + Masked.Count > 0;

    /// <summary>Room to rank n slots.</summary>
    public Span<RankedSlot> Ranked(int n) => Room(ref ranked, n);

    /// <summary>Room for the tokens drawn for n slots.</summary>
    public Span<int> Tokens(int n) => Room(ref tokens, n);

    /// <summary>Room for the log-probabilities of those tokens.</summary>
    public Span<float> Scores(int n) => Room(ref scores, n);

    /// <summary>Room for the marks of the K lowest of n slots, cleared.</summary>
    public Span<bool> Low(int n)
    {
        var marks = Room(ref low, n);
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
