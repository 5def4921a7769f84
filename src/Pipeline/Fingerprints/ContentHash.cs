using System.Security.Cryptography;
using System.Text;

namespace DiffusionBatch.Pipeline.Fingerprints;

/// <summary>SHA-256 over what files and folders contain, in lower-case hexadecimal. Names count inside a folder, dates don't.</summary>
public static class ContentHash
{
    /// <summary>The hash of a file's bytes.</summary>
    /// <exception cref="IOException">The file can't be read.</exception>
    public static string OfFile(string path, CancellationToken cancellationToken = default)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.SequentialScan);
        byte[] buffer = new byte[1 << 20];
        for (int read; (read = stream.Read(buffer)) > 0;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            hash.AppendData(buffer, 0, read);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>
    /// The hash of a folder: of its files' relative paths and hashes, in ordinal order. Left out are hidden entries
    /// (work in progress) and the jobs' own <c>manifest.json</c>, which holds times.
    /// </summary>
    public static string OfFolder(string path, CancellationToken cancellationToken = default)
    {
        var files = Files(path).Select(f => Path.GetRelativePath(path, f).Replace('\\', '/')).Order(StringComparer.Ordinal);
        var lines = new StringBuilder();
        foreach (string file in files) lines.Append(OfFile(Path.Combine(path, file), cancellationToken)).Append(' ').Append(file).Append('\n');
        return OfText(lines.ToString());
    }

    /// <summary>The hash of a text's UTF-8 bytes.</summary>
    public static string OfText(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    static IEnumerable<string> Files(string folder)
    {
        foreach (string file in Directory.EnumerateFiles(folder))
            if (Path.GetFileName(file) is var name && name[0] != '.' && name != Results.OutputManifest.FileName) yield return file;
        foreach (string sub in Directory.EnumerateDirectories(folder))
            if (Path.GetFileName(sub)[0] != '.')
                foreach (string file in Files(sub)) yield return file;
    }
}
