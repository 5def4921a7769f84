namespace DiffusionBatch.Diffusion.Lengths;

/// <summary>
/// Length candidates from the predictor's classes: class c stands for c + 1 slots (Ye et al. 2023; c + 2 tokens with <c>&lt;/s&gt;</c>).
/// </summary>
public static class LengthBeam
{
    /// <summary>The number of slots of a class.</summary>
    public static int LengthOf(int @class) => @class + 1;

    /// <summary>The class of a number of slots, at least class 0: what the predictor is trained on.</summary>
    public static int ClassOf(int length) => Math.Max(length - 1, 0);

    /// <summary>
    /// The <paramref name="beam"/> best lengths, in order of their logits and among equals the shorter first, each clipped to
    /// <paramref name="longest"/>. Several may clip to the same length: they stay separate candidates.
    /// </summary>
    /// <param name="logits">(C) the predictor's logits; fewer classes than the beam give fewer candidates.</param>
    /// <param name="beam">At least 1.</param>
    /// <param name="longest">The most slots that fit, at least 1.</param>
    public static int[] Candidates(ReadOnlySpan<float> logits, int beam, int longest)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(beam, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(longest, 1);
        var order = new (float Logit, int Class)[logits.Length];
        for (int c = 0; c < order.Length; c++) order[c] = (logits[c], c);
        Array.Sort(order, static (a, b) => a.Logit != b.Logit ? b.Logit.CompareTo(a.Logit) : a.Class.CompareTo(b.Class));
        var lengths = new int[Math.Min(beam, order.Length)];
        for (int i = 0; i < lengths.Length; i++) lengths[i] = Math.Min(LengthOf(order[i].Class), longest);
        return lengths;
    }
}
