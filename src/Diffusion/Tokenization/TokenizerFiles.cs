using System.Text.Json;
using DiffusionBatch.Diffusion.Tokenization.Added;
using DiffusionBatch.Diffusion.Tokenization.Json;

namespace DiffusionBatch.Diffusion.Tokenization;

/// <summary>The tokenizer's files of a folder: what they say of special tokens, and their bytes, to write them again as they are.</summary>
internal sealed class TokenizerFiles
{
    public const string XlmRobertaModel = "sentencepiece.bpe.model";
    public const string SentencePieceModel = "tokenizer.model";
    public const string AlbertModel = "spiece.model";
    public const string WordVocabulary = "vocab.txt";
    public const string Serialized = "tokenizer.json";
    public const string SpecialMap = "special_tokens_map.json";
    public const string Config = "tokenizer_config.json";
    public const string AddedTokenIds = "added_tokens.json";

    static readonly string[] s_names = [XlmRobertaModel, SentencePieceModel, AlbertModel, BpeFiles.Vocabulary, BpeFiles.Merges,
        WordVocabulary, Serialized, SpecialMap, Config, AddedTokenIds];

    readonly Dictionary<string, byte[]> _contents = [];
    readonly string _folder;
    readonly Dictionary<string, string?> _names = [];
    readonly Dictionary<string, bool?> _flags = [];

    TokenizerFiles(string folder)
    {
        _folder = folder;
        foreach (string name in s_names)
            if (File.Exists(Path.Combine(folder, name))) _contents[name] = TokenizerJson.Bytes(Path.Combine(folder, name));
    }

    /// <summary>Reads a folder's files.</summary>
    /// <exception cref="TokenizerException">special_tokens_map.json, tokenizer_config.json, added_tokens.json or the added tokens of
    /// tokenizer.json are broken.</exception>
    public static TokenizerFiles Read(string folder)
    {
        var files = new TokenizerFiles(folder);
        using var map = TokenizerJson.ReadObject(files.PathOf(SpecialMap));
        using var config = TokenizerJson.ReadObject(files.PathOf(Config));
        foreach (string key in (ReadOnlySpan<string>)["bos_token", "eos_token", "unk_token", "pad_token", "mask_token", "cls_token",
            "sep_token", "tokenizer_class"])
        {
            files._names[key] = key == "tokenizer_class" ? null : files.ReadName(SpecialMap, map, key);
            files._names[key] ??= files.ReadName(Config, config, key);
        }
        foreach (string key in (ReadOnlySpan<string>)["do_lower_case", "strip_accents", "tokenize_chinese_chars", "do_basic_tokenize",
            "clean_up_tokenization_spaces", "add_bos_token", "add_eos_token", "add_prefix_space", "legacy"])
            files._flags[key] = config is not null && config.RootElement.TryGetProperty(key, out var value)
                && value.ValueKind != JsonValueKind.Null
                ? TokenizerJson.Flag(files.PathOf(Config), config, key) : null;
        if (config is not null) files.ReadNeverSplit(config.RootElement);
        files.ReadAdditional(SpecialMap, map);
        files.ReadAdditional(Config, config);
        using var ids = TokenizerJson.ReadObject(files.PathOf(AddedTokenIds));
        files.Added = new AddedTokens(
            files.Has(Serialized) ? AddedTokenReader.OfSerialized(files.PathOf(Serialized), files.Content(Serialized)) : [],
            config is null ? [] : AddedTokenReader.OfConfig(files.PathOf(Config), config.RootElement),
            ids is null ? [] : AddedTokenReader.OfIds(files.PathOf(AddedTokenIds), ids.RootElement));
        return files;
    }

    /// <summary>The tokens that stand beside the vocabulary.</summary>
    public AddedTokens Added { get; private set; } = new([]);

    /// <summary>The texts of all special tokens that are named, and what the files say of them; their ids are still to be found.</summary>
    public Dictionary<string, AddedToken> SpecialNames { get; } = new(StringComparer.Ordinal);

    /// <summary>The special tokens that have no part of their own: <c>additional_special_tokens</c>.</summary>
    public HashSet<string> AdditionalSpecials { get; } = new(StringComparer.Ordinal);

    /// <summary>Words that BERT's basic tokenizer is to leave as they are.</summary>
    public List<string> NeverSplit { get; } = [];

    /// <summary>Whether a file is there.</summary>
    public bool Has(string name) => _contents.ContainsKey(name);

    /// <summary>A file's bytes.</summary>
    public byte[] Content(string name) => _contents[name];

    /// <summary>A file's path, for errors.</summary>
    public string PathOf(string name) => Path.Combine(_folder, name);

    /// <summary>What the files call a special token (<c>mask_token</c>), or null.</summary>
    public string? Name(string key) => _names.GetValueOrDefault(key);

    /// <summary>A boolean of tokenizer_config.json, or null.</summary>
    public bool? Flag(string key) => _flags.GetValueOrDefault(key);

    /// <summary>Writes all the files into a folder, byte for byte.</summary>
    public void Save(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (var (name, content) in _contents) File.WriteAllBytes(Path.Combine(folder, name), content);
    }

    void ReadNeverSplit(JsonElement config)
    {
        if (!config.TryGetProperty("never_split", out var words) || words.ValueKind == JsonValueKind.Null) return;
        if (words.ValueKind != JsonValueKind.Array || words.EnumerateArray().Any(w => w.ValueKind != JsonValueKind.String))
            throw new TokenizerException(PathOf(Config), null, $"\"never_split\" is {words.GetRawText()}; expected a list of strings.");
        foreach (var word in words.EnumerateArray()) NeverSplit.Add(TokenizerJson.Text(PathOf(Config), word.GetString));
    }

    string? ReadName(string file, JsonDocument? document, string key)
    {
        string? name = TokenizerJson.TokenName(PathOf(file), document, key);
        if (name is { Length: > 0 } && key != "tokenizer_class")
            AddSpecial(new SerializedPart(PathOf(file), "", document!.RootElement)[key]);
        return name;
    }

    /// <summary>
    /// Special tokens beyond the usual ones: a list of strings or objects, or, as newer files have it, an object of such.
    /// </summary>
    void ReadAdditional(string file, JsonDocument? document)
    {
        if (document is null) return;
        foreach (string key in (ReadOnlySpan<string>)["additional_special_tokens", "extra_special_tokens"])
        {
            var whole = new SerializedPart(PathOf(file), "", document.RootElement);
            var list = whole[key];
            if (!list.Exists) continue;
            SerializedPart[] items = list.Json.ValueKind switch
            {
                JsonValueKind.Array => [.. whole.Items(key)],
                JsonValueKind.Object =>
                    [.. list.Json.EnumerateObject().Select(p => TokenizerJson.Text(list.File, () => p.Name)).Select(name => list[name])],
                _ => throw list.Wrong("", "expected a list of tokens"),
            };
            foreach (var item in items) AdditionalSpecials.Add(AddSpecial(item));
        }
    }

    string AddSpecial(SerializedPart part)
    {
        const int Unknown = -1; // until the vocabulary is read
        string? text = part.Json.ValueKind == JsonValueKind.String ? TokenizerJson.Text(part.File, part.Json.GetString) : null;
        if (text is { Length: 0 } || (text is null && part.Json.ValueKind != JsonValueKind.Object))
            throw part.Wrong("", "expected a string that is not empty, or an object with \"content\"");
        var token = text is null
            ? AddedTokenReader.Read(part, Unknown)
            : new AddedToken(text, Unknown) { File = part.File, Field = part.Path };
        // An object says "normalized" of itself; special tokens are not, where it doesn't.
        bool normalized = text is null && part["normalized"].Exists && token.Normalized;
        SpecialNames.TryAdd(token.Content, token with { Special = true, Normalized = normalized });
        return token.Content;
    }
}
