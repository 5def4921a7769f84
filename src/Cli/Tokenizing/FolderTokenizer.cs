using System.Text.Json;
using DiffusionBatch.Diffusion.Tokenization;

namespace DiffusionBatch.Cli.Tokenizing;

/// <summary>A folder's tokenizer with the special tokens that its family puts around a text.</summary>
internal sealed class FolderTokenizer
{
    /// <summary>The families that can be read, by the names that <c>--as</c> takes.</summary>
    public static readonly string[] Families = ["xlm-roberta", "roberta", "gpt2"];

    readonly ITextTokenizer _tokenizer;
    readonly bool _wrap;

    FolderTokenizer(ITextTokenizer tokenizer, string family)
    {
        _tokenizer = tokenizer;
        Family = family;
        // <s> text </s> in the RoBERTa family; GPT-2 adds nothing.
        _wrap = family is "xlm-roberta" or "roberta" && tokenizer.Specials is { Bos: >= 0, Eos: >= 0 };
    }

    /// <summary>The family: what was asked for, else config.json's <c>model_type</c>, else what the files look like.</summary>
    public string Family { get; }

    /// <summary>Opens a folder.</summary>
    /// <exception cref="UserException">The folder is missing, has no tokenizer, or one that can't be read.</exception>
    public static FolderTokenizer Open(string folder, string? family)
    {
        if (!Directory.Exists(folder)) throw new UserException($"{folder}: no such folder");
        ITextTokenizer tokenizer;
        try
        {
            tokenizer = TokenizerFolder.Open(folder) ?? throw new UserException($"{folder}: no tokenizer files: expected vocab.json and merges.txt");
        }
        catch (TokenizerException e)
        {
            throw new UserException(e.Message);
        }
        // A vocabulary that begins and ends a text with different tokens is RoBERTa's kind; GPT-2 has one for both.
        family ??= ModelType(folder) ?? (tokenizer.Specials is { Bos: >= 0, Eos: >= 0 } s && s.Bos != s.Eos ? "roberta" : "gpt2");
        return new FolderTokenizer(tokenizer, family);
    }

    /// <summary>The ids of a text.</summary>
    /// <param name="text">Any text; what looks like a special token is plain text.</param>
    /// <param name="plain">Without the family's special tokens.</param>
    public int[] Encode(string text, bool plain) =>
        _wrap && !plain ? [_tokenizer.Specials.Bos, .. _tokenizer.Encode(text), _tokenizer.Specials.Eos] : _tokenizer.Encode(text);

    /// <summary>The text of ids, special tokens left out.</summary>
    public string Decode(int[] ids) => _tokenizer.Decode(ids);

    static string? ModelType(string folder)
    {
        string path = Path.Combine(folder, "config.json");
        if (!File.Exists(path)) return null;
        try
        {
            using JsonDocument config = JsonDocument.Parse(File.ReadAllBytes(path));
            return config.RootElement.ValueKind == JsonValueKind.Object && config.RootElement.TryGetProperty("model_type", out JsonElement type) && type.ValueKind == JsonValueKind.String
                ? type.GetString() : null;
        }
        catch (JsonException e)
        {
            throw new UserException($"{path}: {e.Message}");
        }
    }
}
