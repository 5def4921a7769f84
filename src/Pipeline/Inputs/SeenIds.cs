using System.Buffers;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace DiffusionBatch.Pipeline.Inputs;

/// <summary>
/// The ids of a file with the line of each, some 40 bytes an id whatever its length: an id is kept as the first 128
/// bits of its SHA-256. That two different ids of a file of a billion lines share them has a chance of 10^-21, and
/// nobody can construct such a pair.
/// </summary>
internal sealed class SeenIds
{
    readonly Dictionary<UInt128, int> _lines = [];

    /// <summary>Adds an id; the line that has it already, or 0 where it is new.</summary>
    public int Add(string id, int line)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        int bytes = Encoding.UTF8.GetMaxByteCount(id.Length);
        byte[]? rented = bytes > 512 ? ArrayPool<byte>.Shared.Rent(bytes) : null;
        Span<byte> text = rented ?? stackalloc byte[512];
        SHA256.HashData(text[..Encoding.UTF8.GetBytes(id, text)], hash);
        if (rented is not null) ArrayPool<byte>.Shared.Return(rented);
        ref int first = ref CollectionsMarshal.GetValueRefOrAddDefault(_lines, MemoryMarshal.Read<UInt128>(hash), out bool exists);
        if (exists) return first;
        first = line;
        return 0;
    }
}
