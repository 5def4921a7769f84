using System.Security.Cryptography;

namespace DiffusionBatch.Pipeline.Inputs;

/// <summary>Hashes of files' contents, for fingerprints.</summary>
public static class ContentHash
{
    /// <summary>SHA-256 of a file's bytes in lower-case hexadecimal, read as a stream.</summary>
    public static string OfFile(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0,
            FileOptions.SequentialScan);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    /// <summary>SHA-256 of a stream's bytes in lower-case hexadecimal.</summary>
    public static async Task<string> OfAsync(Stream content, CancellationToken cancellationToken) =>
        Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellationToken));
}
