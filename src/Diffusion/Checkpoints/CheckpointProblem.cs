using System.Text;

namespace DiffusionBatch.Diffusion.Checkpoints;

/// <summary>One thing that is wrong with a checkpoint.</summary>
/// <param name="File">The file's name inside its folder, such as <c>model.safetensors</c>.</param>
/// <param name="Subject">The tensor or field that it is about, or null when it is about the file as a whole.</param>
/// <param name="Message">What is wrong, in a few words.</param>
/// <param name="Expected">What was expected there, or null.</param>
/// <param name="Found">What stands there, or null.</param>
public sealed record CheckpointProblem(string File, string? Subject, string Message, string? Expected = null, string? Found = null)
{
    /// <summary>The problem as one line: file, subject, message, expected and found.</summary>
    public override string ToString()
    {
        var line = new StringBuilder(File);
        if (Subject is not null) line.Append(": ").Append(Subject);
        line.Append(": ").Append(Message);
        if (Expected is not null) line.Append("; expected ").Append(Expected);
        if (Found is not null) line.Append(", found ").Append(Found);
        return line.ToString();
    }
}
