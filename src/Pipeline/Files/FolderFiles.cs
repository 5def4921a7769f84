namespace DiffusionBatch.Pipeline.Files;

/// <summary>
/// The files below a folder as a user sees them: links to files and folders are followed, hidden entries (work in progress) are left out.
/// </summary>
public static class FolderFiles
{
    /// <summary>The files' paths relative to the folder, with <c>/</c>, in ordinal order.</summary>
    /// <param name="folder">The folder; it may be a link itself.</param>
    /// <param name="called">What errors call it: the user's own name for it.</param>
    /// <exception cref="IOException">A link in it leads nowhere, or to a folder that the link itself lies in.</exception>
    public static IReadOnlyList<string> Names(string folder, string called)
    {
        var names = new List<string>();
        Add(folder, "", RealPath.Of(folder), [], called, names);
        names.Sort(StringComparer.Ordinal);
        return names;
    }

    /// <summary>A file's path relative to a folder that it lies below, with <c>/</c>; no other character of a name is changed.</summary>
    public static string Name(string folder, string file) => Path.GetRelativePath(folder, file).Replace(Path.DirectorySeparatorChar, '/');

    // What stands above, and so can't stand below without an end: the real paths of the folders on the way here.
    static void Add(string folder, string prefix, string real, List<string> above, string called, List<string> names)
    {
        above.Add(real);
        foreach (FileSystemInfo entry in new DirectoryInfo(folder).EnumerateFileSystemInfos())
        {
            if (entry.Name.StartsWith('.')) continue;
            string name = prefix + entry.Name;
            if (entry.LinkTarget is null)
            {
                if (entry is DirectoryInfo) Add(entry.FullName, name + "/", Path.Join(real, entry.Name), above, called, names);
                else names.Add(name);
                continue;
            }
            string target = RealPath.Of(Path.Join(real, entry.Name));
            if (File.Exists(target)) names.Add(name);
            else if (!Directory.Exists(target)) throw new IOException($"{called}/{name} is a symbolic link that leads nowhere");
            else if (above.Exists(path => RealPath.IsWithin(path, target)))
                throw new IOException($"{called}/{name} is a symbolic link to a folder that it lies in: the files below it have no end");
            else Add(entry.FullName, name + "/", target, above, called, names);
        }
        above.RemoveAt(above.Count - 1);
    }
}
