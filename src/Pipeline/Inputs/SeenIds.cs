using System.Buffers;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace DiffusionBatch.Pipeline.Inputs;

/// <summary>The ids of a file with the line of each, some 50 bytes an id whatever its length: each is kept as its <see cref="IdHash"/>.</summary>
internal sealed class SeenIds
{
    // One table of a million entries would be copied whole whenever it grows: for a while it would take double, in arrays
    // that no collection moves. Many small ones grow one by one.
    const int Tables = 4096;

    readonly Dictionary<Key, int>?[] _lines = new Dictionary<Key, int>[Tables];

    /// <summary>Adds an id; the line that has it already, or 0 where it is new.</summary>
    public int Add(string id, int line)
    {
        UInt128 hash = IdHash.Of(id);
        var key = new Key((ulong)(hash >> 64), (ulong)hash);
        ref int first = ref CollectionsMarshal.GetValueRefOrAddDefault(_lines[(int)(key.Low % Tables)] ??= [], key, out bool exists);
        if (exists) return first;
        first = line;
        return 0;
    }

    // As two halves it is aligned to 8 bytes, which makes an entry of the table 32 bytes; UInt128 would make it 48.
    readonly record struct Key(ulong High, ulong Low)
    {
        public override int GetHashCode() => High.GetHashCode();
    }
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
