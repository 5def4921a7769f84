using System.Globalization;
using System.Text;

namespace DiffusionBatch.Pipeline.Problems;

/// <summary>One thing that is wrong with what a user handed in: where it is and what would be right.</summary>
/// <param name="File">The file as the user named it (a manifest's path, or an input file's path under the root).</param>
/// <param name="Pointer">The JSON pointer (RFC 6901) of the value; "" is the whole document; null where there is none.</param>
/// <param name="Line">The line, from 1; null where the whole file is meant.</param>
/// <param name="Column">The column in UTF-16 code units, from 1; null where the whole line is meant.</param>
/// <param name="Message">One sentence: what is expected and what was found.</param>
public sealed record Problem(string File, string? Pointer, int? Line, int? Column, string Message)
{
    /// <summary>A problem of a whole file.</summary>
    public static Problem OfFile(string file, string message) => new(file, null, null, null, message);

    /// <summary>The first of several problems, and how many more there are.</summary>
    public static string Sentence(IReadOnlyList<Problem> problems) =>
        problems.Count == 1
            ? problems[0].ToString()
            : string.Create(CultureInfo.InvariantCulture, $"{problems[0]} (and {problems.Count - 1} more)");

    /// <summary>"file:line:column: pointer: message", without the parts that are absent.</summary>
    public override string ToString()
    {
        var text = new StringBuilder(File);
        if (Line is { } line) text.Append(CultureInfo.InvariantCulture, $":{line}");
        if (Line is not null && Column is { } column) text.Append(CultureInfo.InvariantCulture, $":{column}");
        text.Append(": ");
        if (!string.IsNullOrEmpty(Pointer)) text.Append(Printable.OneLine(Pointer)).Append(": ");
        return text.Append(Message).ToString();
    }
}
