using System.Security.Cryptography;
using DiffusionBatch.Contracts;

namespace DiffusionBatch.Pipeline.Inputs;

/// <summary>
/// Reads a stream line by line as bytes, holding one line at a time: memory is that of the longest line. A UTF-8
/// byte order mark at the start is skipped; LF and CRLF end a line; a last line without an end counts.
/// </summary>
internal sealed class JsonlLines : IDisposable
{
    /// <summary>The longest line that is read at all.</summary>
    public const int MaxLineBytes = 256 << 20;

    const int ChunkBytes = 128 << 10;

    readonly Stream _stream;
    readonly IncrementalHash? _hash;
    readonly long _from;
    byte[] _buffer = new byte[ChunkBytes];
    int _start;
    int _end;
    int _lineStart;
    int _lineLength;
    bool _ended;

    /// <summary>Opens a file.</summary>
    public JsonlLines(string path)
        : this(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0,
            FileOptions.SequentialScan))
    {
    }

    /// <summary>Reads a stream, which it disposes with itself; with a hash, every byte that is read goes into it.</summary>
    /// <param name="stream">The content, or a part of it that begins with a line.</param>
    /// <param name="hash">Takes the bytes, or null.</param>
    /// <param name="offset">The offset in the file of the stream's first byte.</param>
    /// <param name="lines">The lines of the file before it.</param>
    public JsonlLines(Stream stream, IncrementalHash? hash = null, long offset = 0, int lines = 0)
    {
        (_stream, _hash, _from, Number) = (stream, hash, offset, lines);
        while (_end < ForeignForm.HeadBytes && Fill()) { }
        if (offset == 0) Foreign = ForeignForm.Of(_buffer.AsSpan(0, _end));
        if (offset == 0 && _end >= 3 && _buffer.AsSpan(0, 3).SequenceEqual("\uFEFF"u8)) _start = 3;
    }

    /// <summary>What the file is, and what to do, where it begins as another form than JSONL; null otherwise.</summary>
    public string? Foreign { get; }

    /// <summary>The number of the current line, from 1.</summary>
    public int Number { get; private set; }

    /// <summary>The offset of the current line's first byte in the file.</summary>
    public long Offset { get; private set; }

    /// <summary>The offset behind the current line and its end.</summary>
    public long End => _from + BytesRead - (_end - _start);

    /// <summary>Bytes read from the stream.</summary>
    public long BytesRead { get; private set; }

    /// <summary>Whether the current line is over <see cref="MaxLineBytes"/>; then its bytes are not there and reading must end.</summary>
    public bool Oversized { get; private set; }

    /// <summary>The current line without its end; valid until the next call of <see cref="Next"/>.</summary>
    public ReadOnlySpan<byte> Line => _buffer.AsSpan(_lineStart, _lineLength);

    /// <summary>Goes to the next line; false at the end of the file.</summary>
    public bool Next()
    {
        int searched = _start;
        while (true)
        {
            int newline = _buffer.AsSpan(searched, _end - searched).IndexOf((byte)'\n');
            if (newline >= 0) return Take(searched + newline, searched + newline + 1);
            int pending = _end - _start;
            if (pending > MaxLineBytes)
            {
                Oversized = true;
                return Take(_start, _end);
            }
            if (!Fill()) return _end > _start && Take(_end, _end);
            searched = _start + pending;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();

    bool Take(int lineEnd, int next)
    {
        Number++;
        Offset = End;
        _lineStart = _start;
        _lineLength = lineEnd - _start;
        if (_lineLength > 0 && _buffer[lineEnd - 1] == '\r') _lineLength--;
        _start = next;
        return true;
    }

    // Moves what is pending to the front, grows the buffer where it is full, and reads on.
    bool Fill()
    {
        if (_ended) return false;
        int pending = _end - _start;
        if (_start > 0) _buffer.AsSpan(_start, pending).CopyTo(_buffer);
        (_start, _end) = (0, pending);
        if (_buffer.Length - _end < ChunkBytes / 2) Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, ChunkBytes));
        int read = _stream.Read(_buffer, _end, _buffer.Length - _end);
        _hash?.AppendData(_buffer, _end, read);
        _end += read;
        BytesRead += read;
        _ended = read == 0;
        return read > 0;
    }
}
