using System.Text;

namespace DiffusionBatch.Diffusion.Tokenization.Json;

/// <summary>A tokenizer as tokenizer.json describes it: added tokens, normalizer, pre-tokenizer, model, decoder, post-processor.</summary>
/// <remarks>
/// Special tokens inside a text are plain text, but for WordPiece models, as for the other families. Other added tokens are
/// found wherever they stand. Precompiled rules are applied as SentencePiece does.
/// </remarks>
public sealed class SerializedTokenizer : ITextTokenizer
{
    readonly TokenizerFiles _files;
    readonly Func<string, string> _normalize;
    readonly WordSplit _split;
    readonly WordModel _model;
    readonly Func<IReadOnlyList<string>, IReadOnlyList<string>> _decode;
    readonly SpecialSplitter _whole;
    readonly Dictionary<string, AddedToken> _added;
    readonly Dictionary<int, string> _tokens = [];
    readonly HashSet<int> _silent;

    internal SerializedTokenizer(TokenizerFiles files, TokenizerFamily? family, bool asked)
    {
        _files = files;
        using var document = TokenizerJson.ReadObject(files.PathOf(TokenizerFiles.Serialized))!;
        var root = new SerializedPart(files.PathOf(TokenizerFiles.Serialized), "", document.RootElement);
        _added = root.Items("added_tokens").Select(AddedToken.Read).ToDictionary(t => t.Content, StringComparer.Ordinal);
        _silent = [.. _added.Values.Where(t => t.Special).Select(t => t.Id)];
        _normalize = NormalizerReader.Read(root["normalizer"]);
        _split = PreTokenizerReader.Read(root["pre_tokenizer"]);
        (_model, var vocabulary) = WordModelReader.Read(root["model"], _silent);
        _decode = DecoderReader.Read(root["decoder"]);
        foreach (var (token, id) in vocabulary) _tokens[id] = token;
        foreach (var token in _added.Values) _tokens[token.Id] = token.Content;
        foreach (var (token, id) in files.Added) _tokens.TryAdd(id, token);
        VocabularySize = _tokens.Keys.Max() + 1;
        bool isWordPiece = root["model"].Text("type") == "WordPiece";
        _whole = new SpecialSplitter(_added.Values.Where(t => !t.Special || isWordPiece).Select(t => t.Content));
        var ids = _tokens.ToDictionary(t => t.Value, t => t.Key, StringComparer.Ordinal);
        Specials = FindSpecials(ids);
        var own = FrameReader.Read(root["post_processor"]);
        Frame = (asked ? null : own) ?? family switch
        {
            TokenizerFamily.XlmRoberta or TokenizerFamily.Roberta or TokenizerFamily.Bert => TextFrame.Of(Specials.Bos, Specials.Eos),
            TokenizerFamily.Llama => TextFrame.Of(Specials.Bos, -1),
            _ => TextFrame.None,
        };
    }

    /// <inheritdoc/>
    public int VocabularySize { get; }

    /// <inheritdoc/>
    public SpecialTokens Specials { get; }

    /// <inheritdoc/>
    public TextFrame Frame { get; }

    /// <inheritdoc/>
    public int[] Encode(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var ids = new List<int>(text.Length / 3 + 4);
        int start = 0;
        for (int at; (at = _whole.Next(text, start, out string token)) >= 0; start = at + token.Length)
        {
            var added = _added[token];
            string before = text[start..at];
            if (added.LeftStrip) before = before.TrimEnd();
            EncodePart(before, start == 0, ids);
            ids.Add(added.Id);
            if (added.RightStrip)
                while (at + token.Length < text.Length && char.IsWhiteSpace(text[at + token.Length])) at++;
        }
        EncodePart(text[start..], start == 0, ids);
        return [.. ids];
    }

    /// <inheritdoc/>
    public string Decode(ReadOnlySpan<int> ids)
    {
        var tokens = new List<string>(ids.Length);
        foreach (int id in ids)
            if (!_silent.Contains(id) && !Specials.Contains(id) && _tokens.TryGetValue(id, out string? token)) tokens.Add(token);
        return tokens.Count == 0 ? "" : string.Concat(_decode(tokens));
    }

    /// <inheritdoc/>
    public void Save(string folder) => _files.Save(folder);

    void EncodePart(string text, bool isStart, List<int> ids)
    {
        if (text.Length == 0) return;
        // Half a surrogate pair is no text of Unicode; every other way to tokens makes it U+FFFD, too.
        if (!IsUnicode(text)) text = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
        foreach (string word in _split(_normalize(text), isStart))
            if (word.Length > 0) _model(word, ids);
    }

    static bool IsUnicode(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF')) return true;
        for (int at = 0; at < text.Length;)
        {
            if (Rune.DecodeFromUtf16(text.AsSpan(at), out _, out int width) != System.Buffers.OperationStatus.Done) return false;
            at += width;
        }
        return true;
    }

    SpecialTokens FindSpecials(Dictionary<string, int> ids)
    {
        return new SpecialTokens(
            Id(["cls_token", "bos_token"], "<s>", "[CLS]", "<|begin_of_text|>", "<|endoftext|>"), Id(["pad_token"], "<pad>", "[PAD]"),
            Id(["sep_token", "eos_token"], "</s>", "[SEP]", "<|end_of_text|>", "<|endoftext|>"), Id(["unk_token"], "<unk>", "[UNK]"), Id(["mask_token"], "<mask>", "[MASK]"));

        int Id(string[] keys, params string[] usual)
        {
            foreach (string key in keys)
            {
                if (_files.Name(key) is not { } name) continue;
                return ids.TryGetValue(name, out int found) ? found
                    : throw new TokenizerException(_files.PathOf(_files.Has(TokenizerFiles.SpecialMap) ? TokenizerFiles.SpecialMap : TokenizerFiles.Config), null, $"the {key} \"{name}\" is not in {TokenizerFiles.Serialized}.");
            }
            foreach (string name in usual)
                if (ids.TryGetValue(name, out int found)) return found;
            return -1;
        }
    }
}
