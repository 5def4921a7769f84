using System.Text;
using DiffusionBatch.Diffusion.Tokenization.Added;

namespace DiffusionBatch.Diffusion.Tokenization.WordPiece;

/// <summary>vocab.txt: one token a line, the line's number from 0 its id; with the special tokens and what is added beside it.</summary>
internal sealed class WordVocabulary
{
    static readonly UTF8Encoding s_utf8 = new(false, throwOnInvalidBytes: true);

    WordVocabulary(List<string> lines, Dictionary<string, int> ids, TokenizerFiles files)
    {
        for (int line = 0; line < lines.Count; line++)
            if (lines[line].Length > 0) Tokens[line] = lines[line];
        var (own, ownIds) = (new Dictionary<int, string>(Tokens), new Dictionary<string, int>(ids, StringComparer.Ordinal));
        Base = new BaseVocabulary(TokenizerFiles.WordVocabulary, token => ownIds.GetValueOrDefault(token, -1), own.GetValueOrDefault);
        OwnTokens = ownIds.Keys;
        Ids = ids;
        foreach (var token in files.Added.All) ids[token.Content] = token.Id;
        foreach (var token in files.Added.All) Tokens[token.Id] = token.Content;
        Specials = new SpecialTokens(Id("cls_token", "[CLS]"), Id("pad_token", "[PAD]"), Id("sep_token", "[SEP]"), Id("unk_token", "[UNK]"),
            Id("mask_token", "[MASK]"));
        if (Specials.Unk < 0) throw new TokenizerException(files.PathOf(TokenizerFiles.WordVocabulary), null,
            "the vocabulary lacks the unknown token [UNK].");
        lines.AddRange(Enumerable.Repeat("", Math.Max(0, Specials.Unk + 1 - lines.Count)));
        lines[Specials.Unk] = Tokens[Specials.Unk];
        Lines = [.. lines.Select((token, line) => token.Length > 0 && ids[token] == line ? token : "")];

        int Id(string key, string usual)
        {
            string? name = files.Name(key);
            if (name is not null && !ids.ContainsKey(name))
                throw new TokenizerException(
                    files.PathOf(files.Has(TokenizerFiles.SpecialMap) ? TokenizerFiles.SpecialMap : TokenizerFiles.Config), null,
                    $"the {key} \"{name}\" is not in {TokenizerFiles.WordVocabulary}.");
            return ids.GetValueOrDefault(name ?? usual, -1);
        }
    }

    /// <summary>
    /// vocab.txt's lines as the library takes them: it refuses a token that comes twice, so that all but the one that counts
    /// are empty, and a vocabulary without the unknown token, so that an added one is among them.
    /// </summary>
    public IReadOnlyList<string> Lines { get; }

    /// <summary>Ids with their tokens; a token that comes twice has two.</summary>
    public Dictionary<int, string> Tokens { get; } = [];

    /// <summary>Tokens with their ids; a token's last line counts.</summary>
    public IReadOnlyDictionary<string, int> Ids { get; }

    /// <summary>The special tokens.</summary>
    public SpecialTokens Specials { get; }

    /// <summary>vocab.txt's own tokens.</summary>
    public BaseVocabulary Base { get; }

    /// <summary>vocab.txt's own tokens' texts.</summary>
    public IReadOnlyCollection<string> OwnTokens { get; }

    /// <summary>Reads the folder's vocab.txt.</summary>
    /// <exception cref="TokenizerException">It is empty, no UTF-8, or lacks a special token.</exception>
    public static WordVocabulary Read(TokenizerFiles files)
    {
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        var lines = new List<string>();
        try
        {
            using var reader = new StreamReader(new MemoryStream(files.Content(TokenizerFiles.WordVocabulary)), s_utf8);
            for (; reader.ReadLine() is { } token; lines.Add(token))
                if (token.Length > 0) ids[token] = lines.Count;
        }
        catch (DecoderFallbackException e)
        {
            throw new TokenizerException(files.PathOf(TokenizerFiles.WordVocabulary), null, "not valid UTF-8.", e);
        }
        if (ids.Count == 0) throw new TokenizerException(files.PathOf(TokenizerFiles.WordVocabulary), null, "the vocabulary is empty.");
        return new WordVocabulary(lines, ids, files);
    }
}
