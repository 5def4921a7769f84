using System.Reflection;
using DiffusionBatch.Pipeline.Manifests;
using DiffusionBatch.Pipeline.Manifests.Fields;

namespace DiffusionBatch.Pipeline.Fingerprints;

/// <summary>Finds the paths that a manifest names, by the records' <see cref="PathAttribute"/>s.</summary>
public static class ManifestPaths
{
    /// <summary>The paths that the job reads, in the records' order.</summary>
    public static IReadOnlyList<ManifestPath> Inputs(WorkManifest manifest) =>
        [.. Paths(manifest, "").Where(p => p.Role != PathRole.Output)];

    /// <summary>A path under the root in its shortest form: no <c>.</c> segments, no slash at the end.</summary>
    public static string Normalize(string path)
    {
        var segments = new List<string>();
        foreach (string segment in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
            if (segment == ".." && segments.Count > 0) segments.RemoveAt(segments.Count - 1);
            else if (segment != ".") segments.Add(segment);
        return string.Join('/', segments);
    }

    /// <summary>Whether a path is a folder or lies inside it.</summary>
    public static bool IsInside(string path, string folder) =>
        path == folder || path.StartsWith(folder + "/", StringComparison.Ordinal);

    static IEnumerable<ManifestPath> Paths(object record, string pointer)
    {
        foreach (PropertyInfo property in record.GetType().GetProperties())
        {
            if (property.GetCustomAttribute<FieldAttribute>() is null || property.GetValue(record) is not { } value) continue;
            string field = $"{pointer}/{EnumText.CamelCase(property.Name)}";
            if (property.GetCustomAttribute<PathAttribute>() is { } path) yield return new ManifestPath(field, (string)value, path.Role);
            else if (value.GetType().Namespace == typeof(JobManifest).Namespace && value is not Enum and not IOneOrMany)
                foreach (ManifestPath inner in Paths(value, field)) yield return inner;
        }
    }
}
