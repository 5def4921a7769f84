namespace DiffusionBatch.Evaluation.Text;

/// <summary>sacreBLEU's "none": the segment is tokenized already.</summary>
internal sealed class NoTokenizer : SegmentTokenizer
{
    /// <inheritdoc/>
    public override string Name => "none";

    /// <inheritdoc/>
    public override ReadOnlySpan<char> Tokenize(ReadOnlySpan<char> segment) => segment;
}
