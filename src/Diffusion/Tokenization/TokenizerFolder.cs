namespace DiffusionBatch.Diffusion.Tokenization;

/// <summary>Opens the tokenizer that lies in a checkpoint folder.</summary>
public static class TokenizerFolder
{
    /// <summary>The tokenizer of a folder; null where it holds no tokenizer file.</summary>
    /// <exception cref="TokenizerException">A file is broken, contradicts another, or is of a family that cannot be read.</exception>
    public static ITextTokenizer? Open(string folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        bool vocabulary = File.Exists(Path.Combine(folder, BpeFiles.Vocabulary)), merges = File.Exists(Path.Combine(folder, BpeFiles.Merges));
        if (vocabulary && merges) return new ByteLevelBpeTokenizer(BpeFiles.Read(folder));
        if (vocabulary || merges)
        {
            string missing = Path.Combine(folder, vocabulary ? BpeFiles.Merges : BpeFiles.Vocabulary);
            throw new TokenizerException(missing, null, $"the file is missing; a byte-level BPE folder has both {BpeFiles.Vocabulary} and {BpeFiles.Merges}.");
        }
        foreach (string other in (ReadOnlySpan<string>)["sentencepiece.bpe.model", "tokenizer.model", "spiece.model", "vocab.txt", "tokenizer.json"])
            if (File.Exists(Path.Combine(folder, other)))
                throw new TokenizerException(Path.Combine(folder, other), null, $"this tokenizer family cannot be read; readable are byte-level BPE folders ({BpeFiles.Vocabulary} and {BpeFiles.Merges}).");
        return null;
    }
}
