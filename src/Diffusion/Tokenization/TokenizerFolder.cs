using System.Text.Json;
using DiffusionBatch.Diffusion.Tokenization.Json;
using DiffusionBatch.Diffusion.Tokenization.SentencePiece;
using DiffusionBatch.Diffusion.Tokenization.WordPiece;

namespace DiffusionBatch.Diffusion.Tokenization;

/// <summary>Opens the tokenizer that lies in a checkpoint folder.</summary>
public static class TokenizerFolder
{
    /// <summary>What a tokenizer is read from, for messages.</summary>
    public const string Expected = "sentencepiece.bpe.model, tokenizer.model, spiece.model, vocab.json with merges.txt, vocab.txt or "
        + "tokenizer.json";

    enum Kind
    {
        SentencePiece,
        ByteLevel,
        Words,
        Serialized,
    }

    /// <summary>
    /// The tokenizer of a folder; null where it holds no tokenizer file. Which of the files is read follows from the family;
    /// a SentencePiece model's numbering from its name, sentencepiece.bpe.model being XLM-R's.
    /// </summary>
    /// <param name="folder">The folder.</param>
    /// <param name="family">The family, in place of what config.json's <c>model_type</c> or the files say.</param>
    /// <exception cref="TokenizerException">A file is broken, contradicts another, or a family was asked for that the folder's files are
    /// not of.</exception>
    public static ITextTokenizer? Open(string folder, TokenizerFamily? family = null)
    {
        ArgumentNullException.ThrowIfNull(folder);
        bool asked = family is not null;
        string? type = ModelType(folder);
        family ??= TokenizerFamilies.OfModelType(type);
        string? model = SentencePieceFile(folder);
        if (!asked && TokenizerFamilies.IsSerializedOnly(type))
        {
            string serialized = Path.Combine(folder, TokenizerFiles.Serialized);
            if (File.Exists(serialized)) return new SerializedTokenizer(TokenizerFiles.Read(folder), family, asked);
            if (model is null && !HasByteLevel(folder)) return null;
            throw new TokenizerException(serialized, null, $"the file is missing; the tokenizer of "
                + $"a {type} folder is read from it alone, since its other files have rules of their own.");
        }
        foreach (var kind in Order(family, asked))
        {
            switch (kind)
            {
                case Kind.SentencePiece when model is not null:
                    bool numbered = asked ? family == TokenizerFamily.XlmRoberta : model == TokenizerFiles.XlmRobertaModel;
                    return new SentencePieceTextTokenizer(TokenizerFiles.Read(folder), model, numbered, family
                        ?? (numbered ? TokenizerFamily.XlmRoberta : TokenizerFamily.SentencePiece));
                case Kind.ByteLevel when HasByteLevel(folder):
                    var files = TokenizerFiles.Read(folder);
                    return new ByteLevelBpeTokenizer(BpeFiles.Read(files), files, family);
                case Kind.Words when File.Exists(Path.Combine(folder, TokenizerFiles.WordVocabulary)):
                    return OpenWords(TokenizerFiles.Read(folder));
                case Kind.Serialized when File.Exists(Path.Combine(folder, TokenizerFiles.Serialized)):
                    return new SerializedTokenizer(TokenizerFiles.Read(folder), family, asked);
            }
        }
        if (asked) throw new TokenizerException(folder, null,
            $"the folder has no file of the family that was asked for; a tokenizer is read from {Expected}.");
        return null;
    }

    /// <summary>
    /// The kinds of files in the order in which they are looked for: the family's own first, and no others where it was asked for.
    /// </summary>
    static Kind[] Order(TokenizerFamily? family, bool asked) => (family, asked) switch
    {
        (TokenizerFamily.Llama or TokenizerFamily.SentencePiece, true) => [Kind.SentencePiece, Kind.Serialized],
        (TokenizerFamily.XlmRoberta, true) => [Kind.SentencePiece, Kind.Serialized, Kind.ByteLevel],
        (TokenizerFamily.Gpt2 or TokenizerFamily.Roberta, true) => [Kind.ByteLevel, Kind.Serialized],
        (TokenizerFamily.Bert, true) => [Kind.Words, Kind.Serialized],
        (TokenizerFamily.Gpt2 or TokenizerFamily.Roberta, false) => [Kind.ByteLevel, Kind.SentencePiece, Kind.Words, Kind.Serialized],
        (TokenizerFamily.Bert, false) => [Kind.Words, Kind.SentencePiece, Kind.ByteLevel, Kind.Serialized],
        _ => [Kind.SentencePiece, Kind.ByteLevel, Kind.Words, Kind.Serialized],
    };

    static string? SentencePieceFile(string folder)
    {
        foreach (string name in (ReadOnlySpan<string>)[TokenizerFiles.XlmRobertaModel, TokenizerFiles.SentencePieceModel,
            TokenizerFiles.AlbertModel])
            if (File.Exists(Path.Combine(folder, name))) return name;
        return null;
    }

    static bool HasByteLevel(string folder)
    {
        bool vocabulary = File.Exists(Path.Combine(folder, BpeFiles.Vocabulary)),
            merges = File.Exists(Path.Combine(folder, BpeFiles.Merges));
        if (vocabulary == merges) return vocabulary;
        // Half of it beside a tokenizer.json is no mistake.
        if (File.Exists(Path.Combine(folder, TokenizerFiles.Serialized))) return false;
        string missing = Path.Combine(folder, vocabulary ? BpeFiles.Merges : BpeFiles.Vocabulary);
        throw new TokenizerException(missing, null,
            $"the file is missing; a byte-level BPE folder has both {BpeFiles.Vocabulary} and {BpeFiles.Merges}.");
    }

    static ITextTokenizer OpenWords(TokenizerFiles files)
    {
        var vocabulary = WordVocabulary.Read(files);
        return ExpressionTokenizer.Fits(vocabulary)
            ? new ExpressionTokenizer(files, vocabulary)
            : new WordPieceTextTokenizer(files, vocabulary);
    }

    static string? ModelType(string folder)
    {
        string path = Path.Combine(folder, "config.json");
        using var config = TokenizerJson.ReadObject(path);
        return config is not null && config.RootElement.TryGetProperty("model_type", out var type) && type.ValueKind == JsonValueKind.String
            ? TokenizerJson.Text(path, type.GetString) : null;
    }
}
