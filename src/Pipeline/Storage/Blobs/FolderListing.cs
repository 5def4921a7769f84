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
        return In(root, prefix[..cut], prefix);
    }

    static IEnumerable<string> In(string root, string folder, string prefix)
    {
        var directory = new DirectoryInfo(Path.Combine(root, folder));
        if (!directory.Exists) yield break;
        // "a-b" stands before "a/b": folders are sorted with their slash.
        string[] names = [.. directory.EnumerateFileSystemInfos()
            .Select(entry => folder + entry.Name + (entry is DirectoryInfo ? "/" : ""))
            .Where(name => !name.StartsWith(BlobName.Reserved + "/", StringComparison.Ordinal))
            .Where(name => name.StartsWith(prefix, StringComparison.Ordinal) || prefix.StartsWith(name, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)];
        foreach (string name in names)
        {
            if (!name.EndsWith('/'))
            {
                if (name.StartsWith(prefix, StringComparison.Ordinal)) yield return name;
                continue;
            }
            foreach (string inner in In(root, name, prefix)) yield return inner;
        }
    }
}
