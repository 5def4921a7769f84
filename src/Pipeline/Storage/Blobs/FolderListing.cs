using DiffusionBatch.Pipeline.Files;

namespace DiffusionBatch.Pipeline.Storage.Blobs;

/// <summary>Lists a folder store's names in ordinal order, folder by folder, so that a million files cost little memory.</summary>
internal static class FolderListing
{
    /// <summary>The names that start with <paramref name="prefix"/>.</summary>
    public static IEnumerable<string> Names(string root, string prefix)
    {
        // Only the prefix's own folder needs reading; a prefix that can't be a name's start has no names.
        int cut = prefix.LastIndexOf('/') + 1;
        if (cut > 0 && BlobName.Refusal(prefix[..(cut - 1)]) is not null) return [];
        return In(root, prefix[..cut], prefix, []);
    }

    // The links that led here: their folders' real paths.
    static IEnumerable<string> In(string root, string folder, string prefix, IReadOnlyList<string> links)
    {
        var directory = new DirectoryInfo(Path.Combine(root, folder));
        if (!directory.Exists) yield break;
        // "a-b" stands before "a/b": folders are sorted with their slash. What lies there under a name that no blob can have is none.
        (string Name, bool IsLink)[] entries = [.. directory.EnumerateFileSystemInfos()
            .Where(entry => BlobName.Refusal(folder + entry.Name) is null)
            .Select(entry => (Name: folder + entry.Name + (entry is DirectoryInfo ? "/" : ""), IsLink: entry is DirectoryInfo
                && entry.LinkTarget is not null))
            .Where(entry => entry.Name.StartsWith(prefix, StringComparison.Ordinal)
                || prefix.StartsWith(entry.Name, StringComparison.Ordinal))
            .OrderBy(entry => entry.Name, StringComparer.Ordinal)];
        foreach ((string name, bool isLink) in entries)
        {
            if (!name.EndsWith('/'))
            {
                if (name.StartsWith(prefix, StringComparison.Ordinal)) yield return name;
                continue;
            }
            IReadOnlyList<string> further = links;
            if (isLink)
            {
                // A link to a folder that it lies in would list the same files again and again.
                string target = RealPath.Of(Path.Combine(root, name)), here = RealPath.Of(directory.FullName);
                if (links.Append(here).Any(path => RealPath.IsWithin(path, target))) continue;
                further = [.. links, here];
            }
            foreach (string inner in In(root, name, prefix, further)) yield return inner;
        }
    }
}
