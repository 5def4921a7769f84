using System.Text;
using Spectre.Console;

namespace DiffusionBatch.Cli.Terminal;

/// <summary>A small table that can be drawn with rules or as aligned columns. Columns whose cells are numbers are aligned right.</summary>
internal sealed class TextTable(params string[] headings)
{
    readonly List<string[]> _rows = [];

    /// <summary>The title above it, or null.</summary>
    public string? Title { get; init; }

    /// <summary>Adds a row, a cell for each heading.</summary>
    public void Add(params string[] cells) =>
        _rows.Add(
            cells.Length == headings.Length ? cells : throw new ArgumentException($"{cells.Length} cells for {headings.Length} columns"));

    /// <summary>Columns two blanks apart, without blanks at the line ends; each line ends with a line feed.</summary>
    public string ToText()
    {
        int[] widths = [.. headings.Select((h, c) => _rows.Select(r => r[c].Length).Append(h.Length).Max())];
        var text = new StringBuilder();
        if (Title is not null) text.Append(Title).Append('\n');
        foreach (string[] row in _rows.Prepend(headings))
        {
            var line = new StringBuilder();
            for (int c = 0; c < row.Length; c++)
            {
                if (c > 0) line.Append("  ");
                line.Append(IsNumeric(c) ? row[c].PadLeft(widths[c]) : row[c].PadRight(widths[c]));
            }
            text.Append(line.ToString().TrimEnd()).Append('\n');
        }
        return text.ToString();
    }

    /// <summary>The table for a terminal.</summary>
    public Table ToSpectre()
    {
        var table = new Table { Border = TableBorder.Rounded };
        if (Title is not null) table.Title = new TableTitle(Markup.Escape(Title));
        for (int c = 0; c < headings.Length; c++)
        {
            var column = new TableColumn(new Text(headings[c], new Style(decoration: Decoration.Bold)));
            table.AddColumn(IsNumeric(c) ? column.RightAligned() : column);
        }
        foreach (string[] row in _rows) table.AddRow(row.Select(cell => new Text(cell)));
        return table;
    }

    bool IsNumeric(int column) =>
        _rows.Count > 0 && _rows.All(r => r[column].Length == 0 || char.IsDigit(r[column][^1]) && r[column].All(c => !char.IsLetter(c)));
}
