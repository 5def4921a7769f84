using System.Globalization;
using System.Text;

namespace DiffusionBatch.Diffusion.Files;

/// <summary>One thing that is wrong with a checkpoint.</summary>
/// <param name="File">The file's name inside its folder, such as <c>model.safetensors</c>.</param>
/// <param name="Subject">The tensor or field that it is about, or null when it is about the file as a whole.</param>
/// <param name="Message">What is wrong, in a few words.</param>
/// <param name="Expected">What was expected there, or null.</param>
/// <param name="Found">What stands there, or null.</param>
public sealed record CheckpointProblem(string File, string? Subject, string Message, string? Expected = null, string? Found = null)
{
    /// <summary>The line of the file, from 1; null where the file has none or the whole of it is meant.</summary>
    public int? Line { get; init; }

    /// <summary>The column in UTF-16 code units, from 1; null where the whole line is meant.</summary>
    public int? Column { get; init; }

    /// <summary>The problem without its file and place: subject, message, expected and found.</summary>
    public string Sentence
    {
        get
        {
            var line = new StringBuilder();
            if (Subject is not null) line.Append(Subject).Append(": ");
            line.Append(Message);
            if (Expected is not null) line.Append("; expected ").Append(Expected);
            if (Found is not null) line.Append(", found ").Append(Found);
            return line.ToString();
        }
    }

    /// <summary>
    /// The problem as one line: "file:line:column: subject: message; expected, found", without the parts that are absent.
    /// </summary>
    public override string ToString()
    {
        string place = Line is null ? "" : Column is null
            ? string.Create(CultureInfo.InvariantCulture, $":{Line}")
            : string.Create(CultureInfo.InvariantCulture, $":{Line}:{Column}");
        return $"{File}{place}: {Sentence}";
    }
}
