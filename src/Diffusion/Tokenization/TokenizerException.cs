using System.Globalization;

namespace DiffusionBatch.Diffusion.Tokenization;

/// <summary>
/// A tokenizer file is missing, broken or contradicts another. The message names the file and, where there is one, the line.
/// </summary>
/// <param name="file">The file's name.</param>
/// <param name="line">The line, counted from 1, or null.</param>
/// <param name="problem">What is wrong and what was expected.</param>
/// <param name="inner">What it was found by.</param>
public sealed class TokenizerException(string file, int? line, string problem, Exception? inner = null)
    : Exception(problem, inner)
{
    /// <summary>"file:line:column: problem", without the parts that are absent.</summary>
    public override string Message => string.Create(CultureInfo.InvariantCulture,
        $"{File}{(Line is null ? "" : $":{Line}")}{(Line is null || Column is null ? "" : $":{Column}")}: {Problem}");

    /// <summary>The file.</summary>
    public string File { get; } = file;

    /// <summary>The line, counted from 1, or null where the whole file is meant.</summary>
    public int? Line { get; } = line;

    /// <summary>The column in UTF-16 code units, counted from 1, or null where the whole line is meant.</summary>
    public int? Column { get; init; }

    /// <summary>What is wrong.</summary>
    public string Problem { get; } = problem;
}
