using System.Text;
using DiffusionBatch.Diffusion.Tokenization.Added;

namespace DiffusionBatch.Diffusion.Tokenization.Json;

/// <summary>A tokenizer as tokenizer.json describes it: added tokens, normalizer, pre-tokenizer, model, decoder, post-processor.</summary>
/// <remarks>
/// Special tokens inside a text are plain text, but for WordPiece models, as for the other families. Other added tokens are
/// found wherever they stand, those of the folder's other files, too. Precompiled rules are applied as SentencePiece does.
/// </remarks>
public sealed class SerializedTokenizer : ITextTokenizer
{
    readonly TokenizerFiles _files;
    readonly Func<string, string> _normalize;
    readonly WordSplit _split;
    readonly WordModel _model;
    readonly Func<IReadOnlyList<string>, IReadOnlyList<string>> _decode;
    readonly AddedVocabulary _added;
    readonly Dictionary<int, string> _tokens = [];

    internal SerializedTokenizer(TokenizerFiles files, TokenizerFamily? family, bool asked)
    {
        _files = files;
        using var document = TokenizerJson.ReadObject(files.PathOf(TokenizerFiles.Serialized))!;
        var root = new SerializedPart(files.PathOf(TokenizerFiles.Serialized), "", document.RootElement);
        _normalize = NormalizerReader.Read(root["normalizer"]);
        _split = PreTokenizerReader.Read(root["pre_tokenizer"]);
        var silent = files.Added.All.Where(t => t.Special || files.SpecialNames.ContainsKey(t.Content)).Select(t => t.Id).ToHashSet();
        (_model, var vocabulary) = WordModelReader.Read(root["model"], silent);
        _decode = DecoderReader.Read(root["decoder"]);
        foreach (var (token, id) in vocabulary) _tokens[id] = token;
        var ids = new Dictionary<string, int>(vocabulary, StringComparer.Ordinal);
        foreach (var token in files.Added.All) ids[token.Content] = token.Id;
        Specials = FindSpecials(ids);
        _added = new AddedVocabulary(files, Specials, BaseVocabulary.Of(TokenizerFiles.Serialized + "'s model", vocabulary), _normalize,
            findsSpecials: root["model"].Text("type") == "WordPiece");
        // In a decoder's alphabet of bytes, so that they come back as they are.
        bool spelled = DecoderReader.SpellsBytes(root["decoder"]);
        foreach (var token in _added.Tokens)
            if (!vocabulary.ContainsKey(token.Content)) _tokens[token.Id] = spelled ? ByteAlphabet.Spell(token.Content) : token.Content;
        VocabularySize = _tokens.Keys.Max() + 1;
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
    public AddedTokensInfo AddedTokens => _added.Info;

    /// <inheritdoc/>
    public int[] Encode(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var ids = new List<int>(text.Length / 3 + 4);
        // Half a surrogate pair is no text of Unicode; every other way to tokens makes it U+FFFD, too.
        if (!IsUnicode(text)) text = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
        foreach (var part in _added.Split(text))
        {
            if (part.Id >= 0) ids.Add(part.Id);
            else EncodePart(part.IsNormalized ? part.Text : _normalize(part.Text), part.IsStart, ids);
        }
        return [.. ids];
    }

    /// <inheritdoc/>
    public string Decode(ReadOnlySpan<int> ids)
    {
        var tokens = new List<string>(ids.Length);
        foreach (int id in ids)
            if (!_added.IsSpecial(id) && !Specials.Contains(id) && _tokens.TryGetValue(id, out string? token)) tokens.Add(token);
        return tokens.Count == 0 ? "" : string.Concat(_decode(tokens));
    }

    /// <inheritdoc/>
    public void Save(string folder) => _files.Save(folder);

    void EncodePart(string text, bool isStart, List<int> ids)
    {
        if (text.Length == 0) return;
        foreach (string word in _split(text, isStart))
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
            Id(["sep_token", "eos_token"], "</s>", "[SEP]", "<|end_of_text|>", "<|endoftext|>"), Id(["unk_token"], "<unk>", "[UNK]"),
            Id(["mask_token"], "<mask>", "[MASK]"));

        int Id(string[] keys, params string[] usual)
        {
            foreach (string key in keys)
            {
                if (_files.Name(key) is not { } name) continue;
                return ids.TryGetValue(name, out int found) ? found
                    : throw new TokenizerException(
                        _files.PathOf(_files.Has(TokenizerFiles.SpecialMap) ? TokenizerFiles.SpecialMap : TokenizerFiles.Config), null,
                        $"the {key} \"{name}\" is not in {TokenizerFiles.Serialized}.");
            }
            foreach (string name in usual)
                if (ids.TryGetValue(name, out int found)) return found;
            return -1;
        }
    }
}
