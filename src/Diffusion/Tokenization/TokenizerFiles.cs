using System.Text.Json;

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
    public const string AddedTokens = "added_tokens.json";

    static readonly string[] s_names = [XlmRobertaModel, SentencePieceModel, AlbertModel, BpeFiles.Vocabulary, BpeFiles.Merges, WordVocabulary, Serialized, SpecialMap, Config, AddedTokens];

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
    /// <exception cref="TokenizerException">special_tokens_map.json, tokenizer_config.json or added_tokens.json is broken.</exception>
    public static TokenizerFiles Read(string folder)
    {
        var files = new TokenizerFiles(folder);
        using var map = TokenizerJson.ReadObject(files.PathOf(SpecialMap));
        using var config = TokenizerJson.ReadObject(files.PathOf(Config));
        foreach (string key in (ReadOnlySpan<string>)["bos_token", "eos_token", "unk_token", "pad_token", "mask_token", "cls_token", "sep_token", "tokenizer_class"])
        {
            files._names[key] = key == "tokenizer_class" ? null : TokenizerJson.TokenName(files.PathOf(SpecialMap), map, key);
            files._names[key] ??= TokenizerJson.TokenName(files.PathOf(Config), config, key);
        }
        foreach (string key in (ReadOnlySpan<string>)["do_lower_case", "strip_accents", "tokenize_chinese_chars", "do_basic_tokenize", "clean_up_tokenization_spaces", "add_bos_token", "add_eos_token"])
            files._flags[key] = config is not null && config.RootElement.TryGetProperty(key, out var value) && value.ValueKind != JsonValueKind.Null
                ? TokenizerJson.Flag(files.PathOf(Config), config, key) : null;
        if (config is not null) files.ReadNeverSplit(config.RootElement);
        files.ReadAdded(config);
        return files;
    }

    /// <summary>Tokens that stand beside the vocabulary, with their ids.</summary>
    public Dictionary<string, int> Added { get; } = new(StringComparer.Ordinal);

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

    void ReadAdded(JsonDocument? config)
    {
        using var added = TokenizerJson.ReadObject(PathOf(AddedTokens));
        if (added is not null)
            foreach (var token in added.RootElement.EnumerateObject()) Add(AddedTokens, TokenizerJson.Text(PathOf(AddedTokens), () => token.Name), token.Value);
        if (config is null || !config.RootElement.TryGetProperty("added_tokens_decoder", out var decoder) || decoder.ValueKind != JsonValueKind.Object) return;
        foreach (var token in decoder.EnumerateObject())
        {
            if (token.Value.ValueKind != JsonValueKind.Object || !token.Value.TryGetProperty("content", out var content) || content.ValueKind != JsonValueKind.String || !int.TryParse(token.Name, out int id) || id < 0)
                throw new TokenizerException(PathOf(Config), null, $"\"added_tokens_decoder\" has \"{token.Name}\": {token.Value.GetRawText()}; expected an id and an object with \"content\".");
            Added[TokenizerJson.Text(PathOf(Config), content.GetString)] = id;
        }
    }

    void Add(string file, string token, JsonElement id)
    {
        if (id.ValueKind != JsonValueKind.Number || !id.TryGetInt32(out int value) || value is < 0 or > 10_000_000)
            throw new TokenizerException(PathOf(file), null, $"the id of \"{token}\" is {id.GetRawText()}; expected an integer from 0 to 10,000,000.");
        Added[token] = value;
    }
}
