using System.Text;

namespace DiffusionBatch.Evaluation.Text;

/// <summary>sacreBLEU's "char": every Unicode scalar value that is not white space is a token.</summary>
internal sealed class CharacterTokenizer : SegmentTokenizer
{
    readonly CharBuffer _buffer = new();

    /// <inheritdoc/>
    public override string Name => "char";

    /// <inheritdoc/>
    public override ReadOnlySpan<char> Tokenize(ReadOnlySpan<char> segment)
    {
        _buffer.Clear();
        while (!segment.IsEmpty)
        {
            Rune.DecodeFromUtf16(segment, out _, out int width);
            _buffer.Add(segment[..width]);
            _buffer.Add(' ');
            segment = segment[width..];
        }
        return _buffer.Written;
    }
}
