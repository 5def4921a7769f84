namespace DiffusionBatch.Pipeline.Tests.Storage;

/// <summary>Bytes as a network gives them: no length, no seeking, a few at a time, and perhaps an error before the end.</summary>
internal sealed class OneWayStream(byte[] bytes, bool fails = false) : Stream
{
    int _at;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override int Read(byte[] buffer, int offset, int count)
    {
        int length = Math.Min(Math.Min(count, 100_003), bytes.Length - _at);
        if (length == 0 && fails) throw new InvalidDataException("The connection broke.");
        bytes.AsSpan(_at, length).CopyTo(buffer.AsSpan(offset));
        _at += length;
        return length;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
