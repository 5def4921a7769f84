namespace DiffusionBatch.Pipeline.Roots;

/// <summary>The files that a tokenizer is read from, by which a folder without one is refused before any work.</summary>
public static class TokenizerNames
{
    /// <summary>Any of these in a folder is a tokenizer, or part of one.</summary>
    public static IReadOnlyList<string> All { get; } = ["sentencepiece.bpe.model", "tokenizer.model", "spiece.model", "vocab.json",
        "merges.txt", "vocab.txt", "tokenizer.json"];

    /// <summary>All that the texts of a model's tokens are read from: these, and the files that say more of them.</summary>
    public static IReadOnlyList<string> Beside { get; } = [.. All, "config.json", "diffusion.json", "tokenizer_config.json",
        "special_tokens_map.json", "added_tokens.json"];

    /// <summary>What is looked for, in words.</summary>
    public const string Expected = "sentencepiece.bpe.model, tokenizer.model, spiece.model, vocab.json with merges.txt, vocab.txt or "
        + "tokenizer.json";

    /// <summary>Says that a folder has none.</summary>
    /// <param name="folder">The folder's path under the root.</param>
    public static string Missing(string folder) => $"the folder {folder} has no tokenizer files; expected {Expected}";

    /// <summary>Says that a job's model has none, though its input has texts.</summary>
    /// <param name="folder">The model's path under the root.</param>
    /// <param name="input">The input's path under the root.</param>
    /// <param name="line">The first line with a text, from 1.</param>
    public static string Missing(string folder, string input, int line) => string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $"{Missing(folder)}, for {input} has texts in line {line} (\"promptIds\" need no tokenizer)");
}
