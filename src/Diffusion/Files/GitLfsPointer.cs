using System.Globalization;
using System.Text;

namespace DiffusionBatch.Diffusion.Files;

/// <summary>
/// The small text that Git leaves in place of a file that Git LFS keeps and has not fetched: a line with the specification's
/// version, the hash, and the size.
/// </summary>
static class GitLfsPointer
{
    const string Start = "version https://git-lfs.github.com/spec/";

    /// <summary>The longest pointer, by the specification.</summary>
    const int Longest = 1024;

    /// <summary>What a file that is a pointer should be called in a problem; null for any other file.</summary>
    public static string? Message(string path)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 1);
            if (stream.Length > Longest) return null;
            byte[] file = new byte[stream.Length];
            stream.ReadExactly(file);
            return Message(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null; // Whoever reads the file next says why it can't be read.
        }
    }

    /// <summary>As <see cref="Message(string)"/>, of a file's bytes.</summary>
    public static string? Message(ReadOnlySpan<byte> file)
    {
        if (file.Length > Longest || !file.StartsWith(Encoding.ASCII.GetBytes(Start))) return null;
        string? size = Encoding.UTF8.GetString(file).Split('\n')
            .FirstOrDefault(line => line.StartsWith("size ", StringComparison.Ordinal))?[5..].Trim();
        string bytes = long.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            ? string.Create(CultureInfo.InvariantCulture, $" of {number:N0} bytes")
            : "";
        return $"this is a Git LFS pointer to a file{bytes}, not the file itself; run 'git lfs pull' where the folder was cloned, or "
            + $"download the file";
    }
}
