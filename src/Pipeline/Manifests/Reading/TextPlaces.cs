using System.Buffers;
using System.Text;

namespace DiffusionBatch.Pipeline.Manifests.Reading;

/// <summary>Turns byte offsets of a UTF-8 text into lines and columns.</summary>
internal sealed class TextPlaces
{
    readonly byte[] _utf8;
    readonly List<int> _lineStarts = [0];

    public TextPlaces(byte[] utf8)
    {
        _utf8 = utf8;
        for (int i = 0; i < utf8.Length; i++)
            if (utf8[i] == '\n') _lineStarts.Add(i + 1);
    }

    /// <summary>Line and column (UTF-16 code units), both from 1, of a byte.</summary>
    public (int Line, int Column) Of(long offset)
    {
        int at = (int)Math.Clamp(offset, 0, _utf8.Length);
        int line = _lineStarts.BinarySearch(at);
        if (line < 0) line = ~line - 1;
        return (line + 1, Encoding.UTF8.GetCharCount(_utf8, _lineStarts[line], at - _lineStarts[line]) + 1);
    }

    /// <summary>The same for a line from 0 and a byte of that line.</summary>
    public (int Line, int Column) Of(long line, long byteOfLine) =>
        Of(_lineStarts[(int)Math.Clamp(line, 0, _lineStarts.Count - 1)] + byteOfLine);

    /// <summary>The offset of the first byte that isn't UTF-8; -1 where all are.</summary>
    public int FirstInvalid()
    {
        int at = 0;
        while (at < _utf8.Length)
        {
            if (Rune.DecodeFromUtf8(_utf8.AsSpan(at), out _, out int consumed) != OperationStatus.Done) return at;
            at += consumed;
        }
        return -1;
    }
}
