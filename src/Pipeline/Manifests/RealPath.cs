namespace DiffusionBatch.Pipeline.Manifests;

/// <summary>Where a path leads once every symbolic link on the way is followed.</summary>
internal static class RealPath
{
    // As many as Linux follows before it speaks of a loop.
    const int MostLinks = 40;

    /// <summary>The path without links; what of it doesn't exist is kept as it stands.</summary>
    /// <exception cref="IOException">The links go in a circle.</exception>
    public static string Of(string path)
    {
        string full = Path.GetFullPath(path), top = Path.GetPathRoot(full)!, at = top;
        var left = new Stack<string>(Parts(full, top));
        for (int links = 0; left.TryPop(out string? part);)
        {
            string next = Path.Combine(at, part);
            // A link's own existence is asked for, not its target's.
            if (new FileInfo(next).LinkTarget is not { } target)
            {
                at = next;
                continue;
            }
            if (++links > MostLinks) throw new IOException($"{path}: its symbolic links go in a circle.");
            foreach (string step in Parts(Path.GetFullPath(target, at), top)) left.Push(step);
            at = top;
        }
        return at;
    }

    // The last part first: so that a stack gives the first.
    static IEnumerable<string> Parts(string full, string top) =>
        full[top.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries).Reverse();
}
