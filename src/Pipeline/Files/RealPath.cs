namespace DiffusionBatch.Pipeline.Files;

/// <summary>
/// Where a path leads once every symbolic link on the way is followed, as the kernel does: a link is relative to the folder
/// that it really lies in, and <c>..</c> goes up from where a link has led. The framework's own resolving
/// (<see cref="FileSystemInfo.ResolveLinkTarget"/>, <see cref="Path.GetFullPath(string)"/>) goes by the text of the path alone.
/// </summary>
public static class RealPath
{
    // As many as Linux follows before it speaks of a loop.
    const int MostLinks = 40;

    static readonly char[] s_separators = [Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar];

    /// <summary>The path without links; what of it doesn't exist is kept as it stands.</summary>
    /// <exception cref="IOException">The links go in a circle.</exception>
    public static string Of(string path)
    {
        string start = Path.IsPathFullyQualified(path) ? path : Path.Join(Environment.CurrentDirectory, path);
        string top = Path.GetPathRoot(start)!, at = top;
        var left = new Stack<string>(Parts(start[top.Length..]));
        for (int links = 0; left.TryPop(out string? part);)
        {
            if (part == ".") continue;
            if (part == "..")
            {
                at = Path.GetDirectoryName(at) ?? at;
                continue;
            }
            string next = Path.Join(at, part);
            // A link's own existence is asked for, not its target's.
            if (new FileInfo(next).LinkTarget is not { } target)
            {
                at = next;
                continue;
            }
            if (++links > MostLinks) throw new IOException($"{path}: its symbolic links go in a circle");
            string rooted = Path.GetPathRoot(target)!;
            if (rooted.Length > 0) at = rooted;
            foreach (string step in Parts(target[rooted.Length..])) left.Push(step);
        }
        return at;
    }

    /// <summary>
    /// A user's path as a full one for the framework's calls. Those drop <c>a/..</c> from the text, which is another folder where
    /// <c>a</c> is a link; a path without <c>..</c> keeps its links and the user's own names.
    /// </summary>
    /// <exception cref="IOException">The links go in a circle.</exception>
    public static string Full(string path) => path.Split(s_separators).Contains("..") ? Of(path) : Path.GetFullPath(path);

    /// <summary>Whether a real path is a folder's, or lies below it.</summary>
    /// <param name="path">A path without links.</param>
    /// <param name="folder">A folder's path without links.</param>
    public static bool IsWithin(string path, string folder) =>
        path == folder || path.StartsWith(Path.EndsInDirectorySeparator(folder) ? folder : folder + Path.DirectorySeparatorChar,
            StringComparison.Ordinal);

    // The last part first: so that a stack gives the first.
    static IEnumerable<string> Parts(string path) => path.Split(s_separators, StringSplitOptions.RemoveEmptyEntries).Reverse();
}
