using DiffusionBatch.Pipeline.Storage.Blobs;

namespace DiffusionBatch.Functions.Files;

/// <summary>
/// One version of a stored file, for answers with ranges: seeking reads nothing, the file is opened at the place where reading begins.
/// </summary>
/// <param name="store">Where it lies.</param>
/// <param name="version">The version; where another one is found, reading fails with a <see cref="FileReplacedException"/>.</param>
internal sealed class StoredFileStream(IBlobStore store, BlobEntry version) : Stream
{
    Stream? _content;
    long _position;

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => true;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => version.Length;

    /// <inheritdoc/>
    public override long Position { get => _position; set => Seek(value, SeekOrigin.Begin); }

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        _content ??= await OpenAsync(cancellationToken);
        int read = await _content.ReadAsync(buffer, cancellationToken);
        _position += read;
        return read;
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin)
    {
        long to = offset + origin switch { SeekOrigin.Begin => 0, SeekOrigin.Current => _position, _ => Length };
        ArgumentOutOfRangeException.ThrowIfNegative(to, nameof(offset));
        if (to == _position) return to;
        _content?.Dispose();
        _content = null;
        return _position = to;
    }

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("It is read asynchronously.");

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) _content?.Dispose();
        base.Dispose(disposing);
    }

    async Task<Stream> OpenAsync(CancellationToken cancellationToken)
    {
        // What is open stays the version that it was opened at: that it is still the newest afterwards shows that it is ours.
        Stream content = await OpenAsync(_position, cancellationToken) ?? throw new FileReplacedException();
        if ((await store.FindAsync(version.Name, cancellationToken))?.Tag == version.Tag) return content;
        await content.DisposeAsync();
        throw new FileReplacedException();
    }

    async Task<Stream?> OpenAsync(long position, CancellationToken cancellationToken)
    {
        try
        {
            return await store.OpenReadAsync(version.Name, position, cancellationToken);
        }
        catch (ArgumentOutOfRangeException)
        {
            return null; // it is shorter by now
        }
    }
}

/// <summary>A file was replaced, or deleted, between the look at it and its opening.</summary>
internal sealed class FileReplacedException : Exception;
