using System.Buffers;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace DiffusionBatch.Pipeline.Inputs;

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
