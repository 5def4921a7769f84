using System.Reflection;
using DiffusionBatch.Contracts.Fields;
using DiffusionBatch.Contracts.Manifests;

namespace DiffusionBatch.Pipeline.Manifests;

/// <summary>Finds the paths that a job names, by the records' <see cref="PathAttribute"/>s.</summary>
public static class PathFields
{
    /// <summary>Every path of a job that is given, its output included, in the order of the fields.</summary>
    public static IReadOnlyList<PathField> Of(WorkManifest job)
    {
        var found = new List<PathField>();
        Collect(job, "", found);
        return found;
    }

    static void Collect(object record, string pointer, List<PathField> found)
    {
        foreach (var field in RecordShape.Of(record.GetType()).Fields)
        {
            object? value = field.Property.GetValue(record);
            if (value is null) continue;
            string here = $"{pointer}/{field.Name}";
            if (field.Property.GetCustomAttribute<PathAttribute>() is { } path) found.Add(new PathField(here, path.Role, (string)value));
            else if (RecordShape.IsRecord(field.Type)) Collect(value, here, found);
            else if (field.ItemType is { } item && RecordShape.IsRecord(item) && !JobKinds.IsChosenByKind(item))
            {
                int index = 0;
                foreach (object element in (System.Collections.IEnumerable)value) Collect(element, $"{here}/{index++}", found);
            }
        }
    }
}

/// <summary>A path that a job names.</summary>
/// <param name="Pointer">The field's JSON pointer within the job, e.g. "/model/from".</param>
/// <param name="Role">What the path is for.</param>
/// <param name="Path">The path, relative to the root.</param>
public sealed record PathField(string Pointer, PathRole Role, string Path);
