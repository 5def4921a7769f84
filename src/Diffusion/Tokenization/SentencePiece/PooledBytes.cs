using System.Buffers;

namespace DiffusionBatch.Diffusion.Tokenization.SentencePiece;

/// <summary>Bytes that grow in a rented array: a text costs no garbage of its own length.</summary>
internal ref struct PooledBytes(int capacity)
{
    byte[] _bytes = ArrayPool<byte>.Shared.Rent(Math.Max(capacity, 16));

    /// <summary>Number of bytes; may be made smaller.</summary>
    public int Length { get; set; }

    /// <summary>What was added.</summary>
    public readonly ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    /// <summary>Appends a byte.</summary>
    public void Add(byte value)
    {
        if (Length == _bytes.Length) Grow(1);
        _bytes[Length++] = value;
    }

    /// <summary>Appends bytes.</summary>
    public void Add(ReadOnlySpan<byte> values)
    {
        if (Length + values.Length > _bytes.Length) Grow(values.Length);
        values.CopyTo(_bytes.AsSpan(Length));
        Length += values.Length;
    }

    /// <summary>Gives the array back.</summary>
    public readonly void Dispose() => ArrayPool<byte>.Shared.Return(_bytes);

    void Grow(int by)
    {
        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(Length + by, _bytes.Length * 2));
        Written.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = larger;
    }
}
