using System.Security.Cryptography;
using System.Text;
using DiffusionBatch.Pipeline.Files;
using DiffusionBatch.Pipeline.Inputs;

namespace DiffusionBatch.Pipeline.Fingerprints;

/// <summary>SHA-256 over what a folder contains, in lower-case hexadecimal. Names count, dates don't.</summary>
public static class FolderHash
{
    /// <summary>
    /// The hash of the files' hashes and relative paths, in ordinal order. Left out are hidden entries
    /// (work in progress) and the jobs' own <c>manifest.json</c>, which holds times.
    /// </summary>
    /// <param name="folder">The folder's path on this machine.</param>
    /// <param name="called">What errors call it: its path under the root.</param>
    /// <param name="hashed">Told of each file's path relative to the folder, and its hash; or null.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="IOException">A file can't be read, or a symbolic link leads nowhere or in a circle.</exception>
    public static string Of(string folder, string? called = null, Action<string, string>? hashed = null,
        CancellationToken cancellationToken = default)
    {
        return OfFiles(FolderFiles.Names(folder, called ?? folder).Where(Counts).Select(file =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            string hash = ContentHash.OfFile(Path.Combine(folder, file));
            hashed?.Invoke(file, hash);
            return (file, hash);
        }));
    }

    /// <summary>
    /// The hash of a folder from its files' relative paths, in ordinal order, and hashes; only those that <see cref="Counts"/> says.
    /// </summary>
    public static string OfFiles(IEnumerable<(string Path, string Hash)> files)
    {
        var lines = new StringBuilder();
        foreach ((string path, string hash) in files) lines.Append(hash).Append(' ').Append(path).Append('\n');
        return OfText(lines.ToString());
    }

    /// <summary>Whether a file, by its path relative to the folder, is part of the folder's content.</summary>
    public static bool Counts(string path) =>
        !Array.Exists(path.Split('/'), name => name.StartsWith('.')) && Path.GetFileName(path) != Results.OutputManifest.FileName;

    /// <summary>The hash of a text's UTF-8 bytes.</summary>
    public static string OfText(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
