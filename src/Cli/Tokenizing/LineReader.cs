namespace DiffusionBatch.Cli.Tokenizing;

/// <summary>Reads lines of bytes of any length from a stream as they come; its owner may do something before it waits for more.</summary>
/// <param name="stream">The stream; it is not disposed of.</param>
/// <param name="beforeWaiting">Called before more is read: what is still to be written should be written now.</param>
internal sealed class LineReader(Stream stream, Func<CancellationToken, Task> beforeWaiting)
{
    byte[] _buffer = new byte[1 << 16];
    int _start, _end;
    int _searched; // bytes from _start on that hold no line break
    bool _ended;

    /// <summary>The number of the line that was read last, from 1.</summary>
    public int Number { get; private set; }

    /// <summary>The next line without its break, valid until the next call; null at the end.</summary>
    public async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            int at = _buffer.AsSpan(_start + _searched, _end - _start - _searched).IndexOf((byte)'\n');
            if (at >= 0) return Take(_searched + at, 1);
            _searched = _end - _start;
            // Not one conditional expression: there "null" would become an empty line by way of byte[], and the end never come.
            if (_ended && _searched == 0) return null;
            if (_ended) return Take(_searched, 0);
            if (_start > 0)
            {
                _buffer.AsSpan(_start, _searched).CopyTo(_buffer);
                (_start, _end) = (0, _searched);
            }
            if (_end == _buffer.Length) Array.Resize(ref _buffer, checked(_buffer.Length * 2));
            await beforeWaiting(cancellationToken);
            int read = await stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
            _ended = read == 0;
            _end += read;
        }
    }

    ReadOnlyMemory<byte> Take(int length, int lineBreak)
    {
        var line = _buffer.AsMemory(_start, length);
        _start += length + lineBreak;
        _searched = 0;
        Number++;
        if (line.Span.EndsWith("\r"u8)) line = line[..^1];
        return Number == 1 && line.Span.StartsWith("\uFEFF"u8) ? line[3..] : line;
    }
}
