using System.Text;
using System.Text.Json;

namespace DiffusionBatch.Evaluation.Metrics;

/// <summary>Finds the file that belongs to a cell: the path itself, or in a folder the file with the cell's name.</summary>
internal static class CellFile
{
    /// <summary>The file's full path.</summary>
    /// <param name="root">The folder that <paramref name="path"/> is relative to.</param>
    /// <param name="path">A file, or a folder with a file per cell.</param>
    /// <param name="cell">The cell's name.</param>
    /// <param name="extensions">The extensions to look for, with their dots.</param>
    /// <exception cref="MetricException">There is none.</exception>
    public static string Find(string root, string path, string cell, params ReadOnlySpan<string> extensions)
    {
        string full = Path.Combine(root, path);
        if (File.Exists(full)) return full;
        foreach (string extension in extensions)
            if (Path.Combine(full, cell + extension) is var file && File.Exists(file)) return file;
        throw new MetricException([Directory.Exists(full)
            ? $"{path}: the folder has no file {cell}{string.Join($" or {cell}", extensions.ToArray())}."
            : $"{path}: neither a file nor a folder is there."]);
    }
}

/// <summary>Where a line's JSON is malformed. The parser's own words count lines and bytes from 0, and are not for users.</summary>
internal static class JsonColumn
{
    /// <summary>The column in UTF-16 code units, from 1.</summary>
    public static int Of(string line, JsonException e)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(line);
        return Encoding.UTF8.GetCharCount(utf8, 0, (int)Math.Min(utf8.Length, e.BytePositionInLine ?? 0)) + 1;
    }
}
