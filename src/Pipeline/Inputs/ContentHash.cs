using System.Security.Cryptography;

namespace DiffusionBatch.Pipeline.Inputs;

/// <summary>Hashes of files' contents, for fingerprints.</summary>
public static class ContentHash
{
    /// <summary>SHA-256 of a file's bytes in lower-case hexadecimal, read as a stream.</summary>
    public static string OfFile(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, FileOptions.SequentialScan);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}
