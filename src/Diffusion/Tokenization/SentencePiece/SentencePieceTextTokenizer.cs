using Microsoft.ML.Tokenizers;

namespace DiffusionBatch.Diffusion.Tokenization.SentencePiece;

/// <summary>A SentencePiece model (Unigram or BPE), in its own numbering or Hugging Face's for XLM-R.</summary>
/// <remarks>
/// Not lossless: the model's normalizer rewrites texts (XLM-R: NFKC, single spaces), and what a model without byte fallback
/// doesn't know becomes &lt;unk&gt;. Control pieces inside a text ("&lt;/s&gt;") are plain text.
/// </remarks>
public sealed class SentencePieceTextTokenizer : ITextTokenizer
{
    readonly SentencePieceTokenizer _model;
    readonly PieceNumbering _numbering;
    readonly TokenizerFiles _files;

    internal SentencePieceTextTokenizer(TokenizerFiles files, string modelFile, bool xlmRobertaNumbering, TokenizerFamily family)
    {
        _files = files;
        try
        {
            using var stream = new MemoryStream(files.Content(modelFile), writable: false);
            _model = SentencePieceTokenizer.Create(stream, addBeginningOfSentence: false, addEndOfSentence: false);
        }
        catch (Exception e) when (e is InvalidDataException or ArgumentException or InvalidOperationException)
        {
            throw new TokenizerException(files.PathOf(modelFile), null, e.Message, e);
        }
        _numbering = xlmRobertaNumbering ? PieceNumbering.XlmRoberta(_model) : PieceNumbering.Own(_model, files);
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
        int[] ids = [.. _model.EncodeToIds(text)];
        if (_numbering.IsOwn) return ids;
        for (int i = 0; i < ids.Length; i++) ids[i] = _numbering.FromPiece(ids[i]);
        return ids;
    }

    /// <inheritdoc/>
    public string Decode(ReadOnlySpan<int> ids)
    {
        var pieces = new List<int>(ids.Length);
        foreach (int id in ids)
            if (!Specials.Contains(id) && _numbering.ToPiece(id) is >= 0 and var piece) pieces.Add(piece);
        return _model.Decode(pieces, considerSpecialTokens: false);
    }

    /// <inheritdoc/>
    public void Save(string folder) => _files.Save(folder);
}
