namespace DiffusionBatch.Diffusion.Tokenization;

/// <summary>
/// The special ids that a family puts around a text: &lt;s&gt; and &lt;/s&gt;, [CLS] and [SEP], &lt;s&gt; alone, or none.
/// </summary>
/// <param name="Before">Ids before the text's.</param>
/// <param name="After">Ids behind them.</param>
public sealed record TextFrame(IReadOnlyList<int> Before, IReadOnlyList<int> After)
{
    /// <summary>Nothing is added.</summary>
    public static TextFrame None { get; } = new([], []);

    /// <summary>A frame of two ids; negative ones are left out.</summary>
    public static TextFrame Of(int before, int after) => new(before < 0 ? [] : [before], after < 0 ? [] : [after]);

    /// <summary>The ids with the frame around them.</summary>
    public int[] Around(ReadOnlySpan<int> ids) => [.. Before, .. ids, .. After];
}
