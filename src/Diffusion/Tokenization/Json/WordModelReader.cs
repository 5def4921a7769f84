using System.Globalization;
using System.Text;
using System.Text.Json;
using DiffusionBatch.Diffusion.Tokenization.SentencePiece;
using Microsoft.ML.Tokenizers;

namespace DiffusionBatch.Diffusion.Tokenization.Json;

/// <summary>Appends the ids of one word of the pre-tokenizer.</summary>
internal delegate void WordModel(string word, List<int> ids);

/// <summary>Reads tokenizer.json's <c>model</c>: Unigram, BPE, WordPiece, WordLevel.</summary>
internal static class WordModelReader
{
    /// <summary>The model and its vocabulary.</summary>
    /// <param name="part">The model.</param>
    /// <param name="specials">Ids of special tokens, which no word becomes.</param>
    /// <exception cref="TokenizerException">It is of a type that isn't supported, or broken.</exception>
    public static (WordModel Encode, Dictionary<string, int> Vocabulary) Read(SerializedPart part, IReadOnlySet<int> specials)
    {
        if (!part.Exists) throw part.Wrong("", "expected a model");
        // Files of before 2020 leave out the type.
        string type = part.Text("type") ?? (part["merges"].Exists ? "BPE" : part["unk_id"].Exists ? "Unigram" : "WordPiece");
        return type switch
        {
            "Unigram" => Unigram(part, specials),
            "BPE" => Bpe(part),
            "WordPiece" => WordPiece(part),
            "WordLevel" => WordLevel(part),
            _ => throw part.Unsupported("model"),
        };
    }

    static (WordModel, Dictionary<string, int>) Unigram(SerializedPart part, IReadOnlySet<int> specials)
    {
        var model = new ModelFile { Trainer = new TrainerSpec { ByteFallback = part.Flag("byte_fallback", false) } };
        var vocabulary = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var item in part.Items("vocab"))
        {
            if (item.Json.ValueKind != JsonValueKind.Array || item.Json.GetArrayLength() != 2
                || item.Json[0].ValueKind != JsonValueKind.String || item.Json[1].ValueKind != JsonValueKind.Number)
                throw item.Wrong("", "expected a piece and its score");
            string piece = TokenizerJson.Text(item.File, item.Json[0].GetString);
            int id = model.Pieces.Count;
            bool isByte = model.Trainer.ByteFallback && PieceReader.ByteOf(piece) >= 0;
            // An empty piece is nothing that a text has.
            var kind = specials.Contains(id) || piece.Length == 0 ? PieceKind.Control : isByte ? PieceKind.Byte : PieceKind.Normal;
            vocabulary.TryAdd(piece, id);
            model.Pieces.Add(new Piece { Text = piece, Score = item.Json[1].GetSingle(), Kind = kind });
        }
        int unknown = part.Integer("unk_id") ?? throw part.Wrong("unk_id", "expected the unknown piece's id");
        if (unknown < 0 || unknown >= model.Pieces.Count) throw part.Wrong("unk_id", $"expected 0 to {model.Pieces.Count - 1}");
        model.Pieces[unknown].Kind = PieceKind.Unknown;
        var cutter = new UnigramCutter(model);
        return ((word, ids) => cutter.Cut(Encoding.UTF8.GetBytes(word), ids), vocabulary);
    }

    static (WordModel, Dictionary<string, int>) Bpe(SerializedPart part)
    {
        foreach (string name in (ReadOnlySpan<string>)["continuing_subword_prefix", "end_of_word_suffix"])
            if (part.Text(name) is { Length: > 0 }) throw part.Wrong(name, "BPE with it is not supported; expected null");
        var vocabulary = Ids(part);
        var merges = new List<string>();
        foreach (var item in part.Items("merges"))
        {
            bool pair = item.Json.ValueKind == JsonValueKind.Array && item.Json.GetArrayLength() == 2;
            string? merge = pair ? item.Json[0].GetString() + " " + item.Json[1].GetString() : item.Json.ValueKind == JsonValueKind.String
                ? item.Json.GetString()
                : null;
            if (merge is null || merge.Count(c => c == ' ') != 1) throw item.Wrong("", "expected two tokens without spaces");
            merges.Add(merge);
        }
        string? unknownToken = part.Text("unk_token");
        int unknown = unknownToken is not null && vocabulary.TryGetValue(unknownToken, out int id) ? id : -1;
        BpeTokenizer bpe;
        try
        {
            bpe = BpeTokenizer.Create(new BpeOptions(vocabulary) { Merges = merges });
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException)
        {
            throw new TokenizerException(part.File, null, $"{part.Path}.merges: {e.Message}", e);
        }
        return (new BpeWords(vocabulary, merges, bpe, unknown, part.Flag("fuse_unk", false), part.Flag("byte_fallback", false),
            part.Flag("ignore_merges", false)).Encode, vocabulary);
    }

    static (WordModel, Dictionary<string, int>) WordPiece(SerializedPart part)
    {
        var vocabulary = Ids(part);
        // One token a line, as vocab.txt has it; a line that is empty is no token's.
        var lines = new string[vocabulary.Values.Max() + 1];
        foreach (var (token, id) in vocabulary) lines[id] = token.AsSpan().ContainsAny('\r', '\n') ? "" : token;
        const int Longest = 10_000;
        int longest = part.Integer("max_input_chars_per_word") ?? 100;
        if (longest is < 1 or > Longest) throw part.Wrong("max_input_chars_per_word", $"expected 1 to {Longest}");
        string unknown = part.Text("unk_token") ?? "[UNK]";
        if (!vocabulary.TryGetValue(unknown, out int unknownId)) throw part.Wrong("unk_token", "expected a token of the vocabulary");
        var model = WordPieceTokenizer.Create(new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', lines))), new WordPieceOptions
        {
            UnknownToken = unknown,
            ContinuingSubwordPrefix = part.Text("continuing_subword_prefix") ?? "##",
            MaxInputCharsPerWord = 2 * longest,
        });
        return ((word, ids) =>
        {
            if (word.Length > longest && word.EnumerateRunes().Count() > longest) ids.Add(unknownId);
            else if (vocabulary.TryGetValue(word, out int whole)) ids.Add(whole);
            else ids.AddRange(model.EncodeToIds(word, considerPreTokenization: false));
        }, vocabulary);
    }

    static (WordModel, Dictionary<string, int>) WordLevel(SerializedPart part)
    {
        var vocabulary = Ids(part);
        string? unknown = part.Text("unk_token");
        int unknownId = unknown is not null && vocabulary.TryGetValue(unknown, out int id) ? id : -1;
        return ((word, ids) =>
        {
            if (vocabulary.TryGetValue(word, out int known)) ids.Add(known);
            else if (unknownId >= 0) ids.Add(unknownId);
        }, vocabulary);
    }

    static Dictionary<string, int> Ids(SerializedPart part)
    {
        var vocabulary = part["vocab"];
        if (!vocabulary.Exists || vocabulary.Json.ValueKind != JsonValueKind.Object)
            throw part.Wrong("vocab", "expected tokens with their ids");
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        var owners = new HashSet<int>();
        foreach (var token in vocabulary.Json.EnumerateObject())
        {
            string name = TokenizerJson.Text(part.File, () => token.Name);
            if (token.Value.ValueKind != JsonValueKind.Number || !token.Value.TryGetInt32(out int id) || id is < 0 or > 10_000_000
                || !owners.Add(id) || !ids.TryAdd(name, id))
                throw new TokenizerException(part.File, null,
                    string.Create(CultureInfo.InvariantCulture,
                        $"{vocabulary.Path}: \"{name}\": {token.Value.GetRawText()}: expected an id of its own from 0 to 10,000,000."));
        }
        return ids.Count > 0 ? ids : throw part.Wrong("vocab", "the vocabulary is empty");
    }
}
