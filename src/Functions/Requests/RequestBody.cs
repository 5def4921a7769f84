using DiffusionBatch.Functions.Problems;
using Microsoft.AspNetCore.Http;

namespace DiffusionBatch.Functions.Requests;

/// <summary>
/// A request's body that refuses to be longer than a limit, whatever its header said. The server's own limit can't say this to the
/// byte: of a body whose length isn't told it counts what frames the pieces as well.
/// </summary>
internal sealed class BoundedStream(Stream inner, long limit) : Stream
{
    long _read;

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position { get => _read; set => throw new NotSupportedException(); }

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        Count(await inner.ReadAsync(buffer, cancellationToken));

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Count(inner.Read(buffer, offset, count));

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    int Count(int read) => (_read += read) <= limit ? read : throw Refuse.TooLarge(limit);
}

/// <summary>Reads small bodies whole.</summary>
internal static class BodyReader
{
    /// <summary>A body of at most <paramref name="limit"/> bytes.</summary>
    /// <exception cref="ApiException">413: it is larger.</exception>
    public static async Task<byte[]> ReadAsync(HttpRequest request, long limit, CancellationToken cancellationToken)
    {
        if (request.ContentLength > limit) throw Refuse.TooLarge(limit);
        var body = new MemoryStream();
        await using var bounded = new BoundedStream(request.Body, limit);
        await bounded.CopyToAsync(body, cancellationToken);
        return body.ToArray();
    }
}
