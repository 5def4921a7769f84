using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using DiffusionBatch.Diffusion.Tokenization.Added;

namespace DiffusionBatch.Diffusion.Tokenization.SentencePiece;

/// <summary>A SentencePiece model (Unigram or BPE), in its own numbering or Hugging Face's for XLM-R.</summary>
/// <remarks>
/// <para>Not lossless: the model's normalizer rewrites texts (XLM-R: NFKC, single spaces), and what a model without byte fallback
/// doesn't know becomes &lt;unk&gt;. Control pieces inside a text ("&lt;/s&gt;") are plain text.</para>
/// <para>
/// A space before a text is put before each text between added tokens where the model makes spaces single (XLM-R, ALBERT) or
/// tokenizer_config.json says <c>legacy</c>; otherwise before the first alone, so that "&lt;x&gt;a" and "&lt;x&gt; a" differ.
/// </para>
/// <para>
/// Microsoft.ML.Tokenizers 2.0.1 has the family, too. It isn't used for it, since its ids aren't SentencePiece's and can't be
/// made so from outside. Unigram: sums are rounded to 32 bits before they are compared (of texts of a thousand tokens one in a
/// hundred is cut otherwise, of longer ones more), a run of unknown characters is as many ids, byte fallback gives other pieces'
/// ids, a character that a rule takes away stays, models without bos or eos don't open, and there is no way in for a
/// tokenizer.json (dotnet/machinelearning issue 7624, mended after 2.0.1). BPE: the rightmost of equal pairs is merged first (a
/// run of one letter), control pieces are found in texts, user-defined ones are cut, the rewriting rules aren't applied, and a
/// text of one letter is lost where spaces are made single.
/// </para>
/// </remarks>
public sealed class SentencePieceTextTokenizer : ITextTokenizer
{
    readonly TokenizerFiles _files;
    readonly PieceNormalizer _normalizer, _spaces;
    readonly PieceCutter _cutter;
    readonly PieceDecoder _decoder;
    readonly PieceNumbering _numbering;
    readonly AddedVocabulary _added;
    readonly bool _everyPieceIsStart; // whether a space is put before every text between added tokens, not the first alone
    readonly bool _addsSpace, _slicesHaveSpaces; // the latter: whether a piece of normalized text is a start by its own first space

    internal SentencePieceTextTokenizer(TokenizerFiles files, string modelFile, bool xlmRobertaNumbering, TokenizerFamily family)
    {
        _files = files;
        string path = files.PathOf(modelFile);
        var model = PieceReader.Read(path, files.Content(modelFile));
        if (!CharacterRules.TryRead(model.Normalizer.Rules.Span, out var rules))
            throw new TokenizerException(path, null, "the normalizer's rules (precompiled_charsmap) are broken.");
        var userDefined = PieceTrie.Of(model, PieceKind.UserDefined);
        _normalizer = new PieceNormalizer(model.Normalizer, rules, userDefined, model.Trainer.SpaceIsSuffix);
        _cutter = PieceCutter.Of(model);
        _decoder = new PieceDecoder(model);
        _numbering = xlmRobertaNumbering ? PieceNumbering.XlmRoberta(model, files) : PieceNumbering.Own(model, files);
        Specials = _numbering.Specials;
        var rewriting = PieceNormalizer.Of(rules, userDefined);
        bool single = model.Normalizer.SingleSpaces;
        _added = new AddedVocabulary(files, Specials, _numbering.Vocabulary(modelFile, model, files),
            text => single ? SingleSpaces(rewriting.Normalize(text)) : rewriting.Normalize(text));
        _everyPieceIsStart = model.Trainer.SpaceIsSuffix || (files.Flag("legacy") ?? single);
        // Spaces are single by then; the one before an added token stays.
        _slicesHaveSpaces = single && !model.Trainer.SpaceIsSuffix;
        var spaces = _slicesHaveSpaces ? new NormalizerSpec
        {
            AddSpace = false,
            SingleSpaces = false,
            EscapeSpaces = model.Normalizer.EscapeSpaces
        } : model.Normalizer;
        _spaces = new PieceNormalizer(spaces, null, userDefined, model.Trainer.SpaceIsSuffix);
        _addsSpace = model.Normalizer.AddSpace;
        Frame = family switch
        {
            TokenizerFamily.XlmRoberta or TokenizerFamily.Roberta or TokenizerFamily.Bert => TextFrame.Of(Specials.Bos, Specials.Eos),
            TokenizerFamily.Llama => TextFrame.Of(files.Flag("add_bos_token") == false ? -1 : Specials.Bos,
                files.Flag("add_eos_token") == true ? Specials.Eos : -1),
            _ => TextFrame.None,
        };
    }

    /// <inheritdoc/>
    public int VocabularySize => Math.Max(_numbering.Count, _added.HighestId + 1);

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
        if (!_added.FindsAny) return Encode(text, _normalizer, isStart: true);
        var ids = new List<int>(text.Length / 3 + 4);
        foreach (var part in _added.Split(text))
        {
            bool isStart = part.IsStart || _everyPieceIsStart;
            if (part.Id >= 0) ids.Add(part.Id);
            else if (!part.IsNormalized) ids.AddRange(Encode(part.Text, _normalizer, isStart));
            else ids.AddRange(Encode(_slicesHaveSpaces && _addsSpace && isStart && part.Text[0] != ' ' ? " " + part.Text : part.Text,
                _spaces, isStart));
        }
        return [.. ids];
    }

    int[] Encode(string text, PieceNormalizer normalizer, bool isStart)
    {
        byte[] utf8 = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(text.Length));
        int length = Encoding.UTF8.GetBytes(text, utf8);
        var normalized = new PooledBytes(length + length / 2 + 16);
        normalizer.Normalize(utf8.AsSpan(0, length), ref normalized, isStart);
        ArrayPool<byte>.Shared.Return(utf8);
        var ids = new List<int>(normalized.Length / 3 + 4);
        _cutter.Cut(normalized.Written, ids);
        normalized.Dispose();
        if (!_numbering.IsOwn)
            foreach (ref int id in CollectionsMarshal.AsSpan(ids)) id = _numbering.FromPiece(id);
        return [.. ids];
    }

    /// <inheritdoc/>
    public string Decode(ReadOnlySpan<int> ids)
    {
        var pieces = new List<(int, string)>(ids.Length);
        foreach (int id in ids)
        {
            if (Specials.Contains(id) || _added.IsSpecial(id)) continue;
            if (_numbering.ToPiece(id) is >= 0 and var piece) pieces.Add((piece, ""));
            else if (_added.Find(id) is { } token) pieces.Add((-1, token.Content));
        }
        return _decoder.Decode(pieces);
    }

    /// <summary>The text with single spaces and none behind it.</summary>
    static string SingleSpaces(string text)
    {
        var single = new StringBuilder(text.Length);
        foreach (char c in text)
            if (c != ' ' || single.Length == 0 || single[^1] != ' ') single.Append(c);
        return single.ToString().TrimEnd(' ');
    }

    /// <inheritdoc/>
    public void Save(string folder) => _files.Save(folder);
}
