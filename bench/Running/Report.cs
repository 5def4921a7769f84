using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace DiffusionBatch.Bench;

/// <summary>Prints a table row by row as the figures come, and keeps the rows for a JSON file.</summary>
/// <param name="columns">Headings and widths; a negative width aligns to the left.</param>
internal sealed class Report(params (string Heading, int Width)[] columns)
{
    private static readonly JsonSerializerOptions s_indented = new() { WriteIndented = true };
    private readonly JsonArray _rows = [];
    private bool _begun;

    /// <summary>Prints a row; a null cell stays empty.</summary>
    internal void Row(params object?[] cells)
    {
        if (!_begun)
            Line([.. columns.Select(c => c.Heading)]);
        _begun = true;
        Line([.. cells.Select(Text)]);
        var row = new JsonObject();
        for (int i = 0; i < columns.Length; i++)
        {
            row[columns[i].Heading] = cells[i] switch
            {
                null => null,
                double number => JsonValue.Create(number),
                long or int => JsonValue.Create(Convert.ToInt64(cells[i], CultureInfo.InvariantCulture)),
                var other => JsonValue.Create(Text(other)),
            };
        }

        _rows.Add(row);
    }

    /// <summary>Writes the rows and what they were measured on, where a file is asked for.</summary>
    internal void Save(BenchOptions options, string? peer)
    {
        if (options.JsonFile is null)
            return;
        var all = new JsonObject
        {
            ["command"] = options.Command,
            ["threads"] = options.Threads,
            ["machine"] = Machine.Description,
            ["peer"] = peer,
            ["rows"] = _rows,
        };
        File.WriteAllText(options.JsonFile, all.ToJsonString(s_indented) + "\n");
    }

    private static string Text(object? cell) => cell switch
    {
        null => "",
        double number => number.ToString(Math.Abs(number) >= 1000 ? "F0" : Math.Abs(number) >= 100 ? "F1" : Math.Abs(number) >= 1
            ? "F2"
            : "F3", CultureInfo.InvariantCulture),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => cell.ToString() ?? "",
    };

    private void Line(string[] cells)
    {
        var line = new StringBuilder();
        for (int i = 0; i < columns.Length; i++)
        {
            int width = columns[i].Width;
            line.Append(width < 0 ? cells[i].PadRight(-width) : cells[i].PadLeft(width)).Append(' ');
        }

        Console.WriteLine(line.ToString().TrimEnd());
    }
}
