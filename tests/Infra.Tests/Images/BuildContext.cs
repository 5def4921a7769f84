using System.Text.RegularExpressions;
using DiffusionBatch.Infra.Tests.Running;

namespace DiffusionBatch.Infra.Tests.Images;

/// <summary>
/// The files of the repository that an image is built from: those that .dockerignore leaves, of those that git would keep.
/// </summary>
internal sealed class BuildContext
{
    readonly string[] _files;

    BuildContext(string[] files) => _files = files;

    /// <summary>Reads it.</summary>
    public static async Task<BuildContext> ReadAsync()
    {
        var (code, files) = await RunningProgram.RunAsync(SharedData.RepositoryRoot,
            ["git", "ls-files", "--cached", "--others", "--exclude-standard"]);
        Assert.True(code == 0, files);
        (bool Keep, Regex Pattern)[] rules = [.. File.ReadLines(Path.Combine(SharedData.RepositoryRoot, ".dockerignore"))
            .Where(l => l.Length > 0 && l[0] != '#').Select(l => (l[0] == '!', Pattern(l.TrimStart('!'))))];
        return new BuildContext([.. files.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(f => File.Exists(Path.Combine(SharedData.RepositoryRoot, f))
                && rules.LastOrDefault(r => r.Pattern.IsMatch(f)) is { Keep: true } or { Pattern: null })]);
    }

    /// <summary>Every file, relative to the repository.</summary>
    public IReadOnlyList<string> Files => _files;

    /// <summary>Copies a file, or what a folder holds, as COPY does.</summary>
    /// <param name="source">The file or folder.</param>
    /// <param name="target">The file or folder that it becomes.</param>
    public void Copy(string source, string target)
    {
        string[] found = [.. _files.Where(f => f == source || f.StartsWith(source + "/", StringComparison.Ordinal))];
        Assert.True(found.Length > 0, $"COPY {source}: .dockerignore leaves no such file.");
        foreach (string file in found)
        {
            string copy = file == source ? target : Path.Combine(target, file[(source.Length + 1)..]);
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(Path.Combine(SharedData.RepositoryRoot, file), copy, overwrite: true);
        }
    }

    // A pattern stands for a file or for all of a folder; ** is any number of folders.
    static Regex Pattern(string pattern) =>
        new("^" + Regex.Escape(pattern).Replace(@"\*\*/", "(.*/)?", StringComparison.Ordinal)
            .Replace(@"\*", "[^/]*", StringComparison.Ordinal) + "(/|$)");
}
