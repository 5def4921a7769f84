using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace DiffusionBatch.Diffusion.Tokenization;

/// <summary>Reads and writes the four files of a RoBERTa-style tokenizer folder.</summary>
internal static class BpeFiles
{
    public const string Vocabulary = "vocab.json";
    public const string Merges = "merges.txt";
    const string SpecialMap = TokenizerFiles.SpecialMap;
    const string Config = TokenizerFiles.Config;

    static readonly JsonWriterOptions s_json =
        new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Reads a folder.</summary>
    /// <exception cref="TokenizerException">A file is broken or contradicts another.</exception>
    public static BpeVocabulary Read(TokenizerFiles files)
    {
        var ids = ReadIds(files.PathOf(Vocabulary));
        var merges = ReadMerges(files.PathOf(Merges), ids);
        return new BpeVocabulary(ids, merges, ReadNames(files, ids), files.Flag("add_prefix_space") == true);
    }

    /// <summary>Writes a folder; the same vocabulary always gives the same bytes.</summary>
    public static void Write(string folder, BpeVocabulary vocabulary)
    {
        Directory.CreateDirectory(folder);
        WriteJson(Path.Combine(folder, Vocabulary), json =>
        {
            foreach (var (token, id) in vocabulary.Ids.OrderBy(t => t.Value)) json.WriteNumber(token, id);
        });
        var merges = new StringBuilder("#version: 0.2\n");
        foreach (string merge in vocabulary.Merges) merges.Append(merge).Append('\n');
        File.WriteAllText(Path.Combine(folder, Merges), merges.ToString());
        WriteJson(Path.Combine(folder, SpecialMap), json => WriteNames(json, vocabulary.Specials));
        WriteJson(Path.Combine(folder, Config), json =>
        {
            json.WriteBoolean("add_prefix_space", vocabulary.AddPrefixSpace);
            WriteNames(json, vocabulary.Specials);
            json.WriteString("tokenizer_class", "RobertaTokenizer");
        });
    }

    static Dictionary<string, int> ReadIds(string file)
    {
        using var document = TokenizerJson.ReadObject(file) ?? throw new TokenizerException(file, null, "the file is missing.");
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        var owners = new Dictionary<int, string>();
        foreach (var property in document.RootElement.EnumerateObject())
        {
            string token = TokenizerJson.Text(file, () => property.Name);
            if (property.Value.ValueKind != JsonValueKind.Number || !property.Value.TryGetInt32(out int id) || id is < 0 or > 10_000_000)
                throw new TokenizerException(file, null,
                    $"the id of \"{token}\" is {property.Value.GetRawText()}; expected an integer from 0 to 10,000,000.");
            if (ids.TryGetValue(token, out int known) && known != id)
                throw new TokenizerException(file, null, $"the token \"{token}\" has two ids, {known} and {id}.");
            if (owners.TryGetValue(id, out string? owner) && owner != token)
                throw new TokenizerException(file, null, $"the id {id} belongs to two tokens, \"{owner}\" and \"{token}\".");
            ids[token] = id;
            owners[id] = token;
        }
        if (ids.Count == 0) throw new TokenizerException(file, null, "the vocabulary is empty.");
        return ids;
    }

    static List<string> ReadMerges(string file, Dictionary<string, int> ids)
    {
        var merges = new List<string>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        int number = 0;
        using var lines = new StreamReader(new MemoryStream(TokenizerJson.Bytes(file)), Encoding.UTF8);
        while (lines.ReadLine() is { } line)
        {
            number++;
            if (line.Length == 0 || (number == 1 && line.StartsWith("#version", StringComparison.Ordinal))) continue;
            string[] parts = line.Split(' ');
            if (parts.Length != 2 || parts[0].Length == 0 || parts[1].Length == 0)
                throw new TokenizerException(file, number, $"expected two tokens with one space between, found \"{line}\".");
            foreach (string token in (ReadOnlySpan<string>)[parts[0], parts[1], parts[0] + parts[1]])
                if (!ids.ContainsKey(token))
                    throw new TokenizerException(file, number, $"the token \"{token}\" is not in {Vocabulary}.");
            if (!seen.Add(line)) throw new TokenizerException(file, number, $"the merge \"{line}\" is there twice.");
            merges.Add(line);
        }
        return merges;
    }

    static SpecialNames ReadNames(TokenizerFiles files, Dictionary<string, int> ids)
    {
        return new SpecialNames(Name("bos_token", "<s>"), Name("pad_token", "<pad>"), Name("eos_token", "</s>"), Name("unk_token", "<unk>"),
            Name("mask_token", "<mask>"));

        // special_tokens_map.json, else tokenizer_config.json, else the family's usual name where the vocabulary has it.
        string? Name(string key, string usual)
        {
            string? name = files.Name(key);
            if (name is not null && !Has(name))
                throw new TokenizerException(files.PathOf(files.Has(SpecialMap) ? SpecialMap : Config), null,
                    $"the {key} \"{name}\" is not in {Vocabulary}.");
            const string EndOfText = "<|endoftext|>"; // GPT-2's only special token
            return name ?? (Has(usual) ? usual : key is "bos_token" or "eos_token" && Has(EndOfText) ? EndOfText : null);
        }

        bool Has(string token) => ids.ContainsKey(token) || files.Added.IdOf(token) >= 0;
    }

    static void WriteNames(Utf8JsonWriter json, SpecialNames names)
    {
        foreach (var (key, name) in (ReadOnlySpan<(string, string?)>)[("bos_token", names.Bos), ("eos_token", names.Eos),
            ("mask_token", names.Mask), ("pad_token", names.Pad), ("unk_token", names.Unk)])
            if (name is not null) json.WriteString(key, name);
    }

    static void WriteJson(string path, Action<Utf8JsonWriter> content)
    {
        using var stream = File.Create(path);
        using (var json = new Utf8JsonWriter(stream, s_json))
        {
            json.WriteStartObject();
            content(json);
            json.WriteEndObject();
        }
        stream.WriteByte((byte)'\n');
    }
}
