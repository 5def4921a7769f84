using System.Globalization;

namespace DiffusionBatch.Diffusion.Tokenization;

/// <summary>The tokens that a folder has beside its vocabulary, and the files that they were taken from.</summary>
/// <param name="Files">The files' names, with the number of tokens that were taken from each.</param>
/// <param name="Found">How many of all tokens are found inside texts; the others are special ones that are plain text there.</param>
/// <param name="Notes">For every file that another one contradicts, a sentence: which is taken, and in what they differ.</param>
public sealed record AddedTokensInfo(IReadOnlyList<(string File, int Tokens)> Files, int Found, IReadOnlyList<string> Notes)
{
    /// <summary>There are none.</summary>
    public static AddedTokensInfo None { get; } = new([], 0, []);

    /// <summary>"3 of tokenizer.json, 1 of added_tokens.json; 2 are found in texts".</summary>
    public override string ToString() => Files.Count == 0 ? "none"
        : string.Create(CultureInfo.InvariantCulture,
            $"{string.Join(", ", Files.Select(f => FormattableString.Invariant($"{f.Tokens} of {f.File}")))}; {Found} found in texts");
}
