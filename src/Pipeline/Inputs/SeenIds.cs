using System.Buffers;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace DiffusionBatch.Pipeline.Inputs;

/// <summary>
/// The ids of a file with the line of each, some 30 bytes an id whatever its length: each is kept as its <see cref="IdHash"/>.
/// </summary>
internal sealed class SeenIds
{
    // Entries never move: a table that grew by copying would take double for a while, and leave as much behind that waits
    // for a collection of everything. What is copied are the chains' beginnings alone, 4 bytes an id.
    const int ChunkBits = 13, Chunk = 1 << ChunkBits;

    readonly List<Entry[]> _chunks = [];
    int[] _first = new int[Chunk];
    int _count;

    /// <summary>Adds an id; the line that has it already, or 0 where it is new.</summary>
    public int Add(string id, int line)
    {
        UInt128 hash = IdHash.Of(id);
        ulong high = (ulong)(hash >> 64), low = (ulong)hash;
        for (int at = _first[Place(low)]; at > 0; at = EntryAt(at).Next)
            if (EntryAt(at) is var entry && entry.Low == low && entry.High == high) return entry.Line;
        if (_count == _first.Length) Grow();
        if (_count == _chunks.Count << ChunkBits) _chunks.Add(new Entry[Chunk]);
        ref int first = ref _first[Place(low)];
        _count++;
        EntryAt(_count) = new Entry(high, low, line, first);
        first = _count;
        return 0;
    }

    int Place(ulong low) => (int)(low & (ulong)(_first.Length - 1));

    // Counted from 1: 0 ends a chain.
    ref Entry EntryAt(int number) => ref _chunks[(number - 1) >> ChunkBits][(number - 1) & (Chunk - 1)];

    void Grow()
    {
        _first = new int[2 * _first.Length];
        for (int number = 1; number <= _count; number++)
        {
            ref Entry entry = ref EntryAt(number);
            ref int first = ref _first[Place(entry.Low)];
            entry = entry with { Next = first };
            first = number;
        }
    }

    // As two halves it is aligned to 8 bytes, which makes it 24 bytes; with a UInt128 it would be 32.
    readonly record struct Entry(ulong High, ulong Low, int Line, int Next);
}

/// <summary>
/// Ids as the first 128 bits of their SHA-256, so that a file's ids take the same room however long they are. That two
/// different ids of a file of a billion lines share them has a chance of 10^-21, and nobody can construct such a pair.
/// </summary>
internal static class IdHash
{
    /// <summary>The hash of an id's UTF-8 bytes.</summary>
    public static UInt128 Of(string id)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        int bytes = Encoding.UTF8.GetMaxByteCount(id.Length);
        byte[]? rented = bytes > 512 ? ArrayPool<byte>.Shared.Rent(bytes) : null;
        Span<byte> text = rented ?? stackalloc byte[512];
        SHA256.HashData(text[..Encoding.UTF8.GetBytes(id, text)], hash);
        if (rented is not null) ArrayPool<byte>.Shared.Return(rented);
        return MemoryMarshal.Read<UInt128>(hash);
    }
}
