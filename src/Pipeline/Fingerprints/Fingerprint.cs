using System.Text;
using DiffusionBatch.Contracts.Fields;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Pipeline.Inputs;
using DiffusionBatch.Pipeline.Manifests;

namespace DiffusionBatch.Pipeline.Fingerprints;

/// <summary>
/// What an output folder belongs to: a hash over the manifest and the content of all that it reads. The parts it was
/// made of are kept beside it, so that a mismatch can be explained.
/// </summary>
/// <param name="Value">SHA-256 in lower-case hexadecimal.</param>
/// <param name="Sources">The hash of the manifest, and of each path read, under the path's name.</param>
public sealed record Fingerprint(string Value, IReadOnlyDictionary<string, string> Sources)
{
    /// <summary>The name under which the manifest's own hash stands among <see cref="Sources"/>.</summary>
    public const string ManifestSource = "(manifest)";

    /// <summary>The fingerprint over all of a job's sources, as <see cref="SourcesOf"/> gives them.</summary>
    public static Fingerprint Of(IReadOnlyDictionary<string, string> sources)
    {
        var text = new StringBuilder();
        foreach ((string name, string hash) in sources) text.Append(name).Append('=').Append(hash).Append('\n');
        return new Fingerprint(FolderHash.OfText(text.ToString()), sources);
    }

    /// <summary>The sources that can be told while the folders in <paramref name="pending"/> are still to be made.</summary>
    public static Dictionary<string, string> Known(
        WorkManifest manifest,
        string root,
        IReadOnlySet<string> pending,
        IReadOnlyDictionary<string, string>? known = null,
        Action<string, string>? hashed = null,
        CancellationToken cancellationToken = default)
    {
        return SourcesOf(manifest, path =>
        {
            if (IsPending(path, pending)) return null;
            string full = Path.Combine(root, path);
            if (known is not null && known.TryGetValue(path, out string? hash)) return hash;
            if (Directory.Exists(full))
                return FolderHash.Of(full, path, (file, found) => hashed?.Invoke($"{path}/{file}", found), cancellationToken);
            hash = ContentHash.OfFile(full);
            hashed?.Invoke(path, hash);
            return hash;
        });
    }

    /// <summary>A job's sources: its manifest's hash, and that of each path that it reads.</summary>
    /// <param name="manifest">The job.</param>
    /// <param name="hashOf">The hash of what is at a path; null where that can't be told yet, which leaves it out.</param>
    public static Dictionary<string, string> SourcesOf(WorkManifest manifest, Func<string, string?> hashOf)
    {
        var sources = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [ManifestSource] = FolderHash.OfText(CanonicalManifest.Of(manifest)),
        };
        foreach (string path in PathFields.Of(manifest).Where(f => f.Role != PathRole.Output).Select(f => f.Path))
        {
            // Which field a path stands in is in the manifest's own hash; a path read twice counts once.
            if (!sources.ContainsKey(path) && hashOf(path) is { } hash) sources[path] = hash;
        }
        return sources;
    }

    /// <summary>Whether a path is one of the folders that are still to be made, lies inside one, or holds one.</summary>
    public static bool IsPending(string path, IReadOnlySet<string> pending) =>
        pending.Any(folder => path == folder || path.StartsWith(folder + "/", StringComparison.Ordinal)
            || folder.StartsWith(path + "/", StringComparison.Ordinal));

    /// <summary>The names of the sources that differ between two fingerprints, in the order of the second.</summary>
    public static IReadOnlyList<string> Differences(IReadOnlyDictionary<string, string> before, IReadOnlyDictionary<string, string> now) =>
        [.. now.Where(s => !before.TryGetValue(s.Key, out string? hash) || hash != s.Value).Select(s => s.Key)];
}
