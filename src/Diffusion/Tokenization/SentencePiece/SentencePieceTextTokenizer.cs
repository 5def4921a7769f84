using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;

namespace DiffusionBatch.Diffusion.Tokenization.SentencePiece;

/// <summary>A SentencePiece model (Unigram or BPE), in its own numbering or Hugging Face's for XLM-R.</summary>
/// <remarks>
/// <para>Not lossless: the model's normalizer rewrites texts (XLM-R: NFKC, single spaces), and what a model without byte fallback
/// doesn't know becomes &lt;unk&gt;. Control pieces inside a text ("&lt;/s&gt;") are plain text.</para>
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
    readonly PieceNormalizer _normalizer;
    readonly PieceCutter _cutter;
    readonly PieceDecoder _decoder;
    readonly PieceNumbering _numbering;

    internal SentencePieceTextTokenizer(TokenizerFiles files, string modelFile, bool xlmRobertaNumbering, TokenizerFamily family)
    {
        _files = files;
        string path = files.PathOf(modelFile);
        var model = PieceReader.Read(path, files.Content(modelFile));
        if (!CharacterRules.TryRead(model.Normalizer.Rules.Span, out var rules)) throw new TokenizerException(path, null, "the normalizer's rules (precompiled_charsmap) are broken.");
        _normalizer = new PieceNormalizer(model.Normalizer, rules, PieceTrie.Of(model, PieceKind.UserDefined), model.Trainer.SpaceIsSuffix);
        _cutter = PieceCutter.Of(model);
        _decoder = new PieceDecoder(model);
        _numbering = xlmRobertaNumbering ? PieceNumbering.XlmRoberta(model) : PieceNumbering.Own(model, files);
        Specials = _numbering.Specials;
        Frame = family switch
        {
            TokenizerFamily.XlmRoberta or TokenizerFamily.Roberta or TokenizerFamily.Bert => TextFrame.Of(Specials.Bos, Specials.Eos),
            TokenizerFamily.Llama => TextFrame.Of(files.Flag("add_bos_token") == false ? -1 : Specials.Bos, files.Flag("add_eos_token") == true ? Specials.Eos : -1),
            _ => TextFrame.None,
        };
    }

    /// <inheritdoc/>
    public int VocabularySize => _numbering.Count;

    /// <inheritdoc/>
    public SpecialTokens Specials { get; }

    /// <inheritdoc/>
    public TextFrame Frame { get; }

    /// <inheritdoc/>
    public int[] Encode(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        byte[] utf8 = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(text.Length));
        int length = Encoding.UTF8.GetBytes(text, utf8);
        var normalized = new PooledBytes(length + length / 2 + 16);
        _normalizer.Normalize(utf8.AsSpan(0, length), ref normalized);
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
        var pieces = new List<int>(ids.Length);
        foreach (int id in ids)
            if (!Specials.Contains(id) && _numbering.ToPiece(id) is >= 0 and var piece) pieces.Add(piece);
        return _decoder.Decode(pieces);
    }

    /// <inheritdoc/>
    public void Save(string folder) => _files.Save(folder);
}
