using System.Buffers;
using System.Text;

namespace Microsoft.ML.Tokenizers;

/// <summary>A SentencePiece model (Unigram or BPE) from its .model file, with its normalizer. The ids are the file's.</summary>
public class SentencePieceTokenizer : Tokenizer
{
    readonly ModelProto _model;
    readonly IPieceEncoder _encoder;
    readonly SentencePieceNormalizer _normalizer;
    readonly PieceVocabulary _vocabulary;

    internal SentencePieceTokenizer(Stream modelStream, bool addBeginningOfSentence, bool addEndOfSentence, IReadOnlyDictionary<string, int>? specialTokens)
    {
        ArgumentNullException.ThrowIfNull(modelStream);
        if (specialTokens is not null) throw new NotSupportedException("The embedded SentencePieceTokenizer has no special tokens beside the model's.");
        using var memory = new MemoryStream();
        modelStream.CopyTo(memory);
        _model = ModelProto.Read(memory.ToArray());
        if (_model.ModelType is not (1 or 2)) throw new InvalidDataException($"The SentencePiece model is of type {_model.ModelType}; expected 1 (Unigram) or 2 (BPE).");
        AddBeginningOfSentence = addBeginningOfSentence;
        AddEndOfSentence = addEndOfSentence;
        var trie = PieceTrieBuilder.Build(_model, type => type is PieceType.Normal or PieceType.UserDefined || (type == PieceType.Unused && _model.ModelType == 2));
        var userDefined = _model.Pieces.Any(p => p.Type == PieceType.UserDefined) ? PieceTrieBuilder.Build(_model, type => type == PieceType.UserDefined) : null;
        var writer = new PieceWriter(_model);
        _encoder = _model.ModelType == 1 ? new UnigramEncoder(_model, trie, writer) : new PairEncoder(_model, trie, userDefined, writer);
        _normalizer = new SentencePieceNormalizer(_model, userDefined);
        _vocabulary = new PieceVocabulary(_model);
    }

    /// <summary>Reads a model.</summary>
    /// <param name="modelStream">The .model file.</param>
    /// <param name="addBeginningOfSentence">Whether texts begin with &lt;s&gt;'s id.</param>
    /// <param name="addEndOfSentence">Whether texts end with &lt;/s&gt;'s id.</param>
    /// <param name="specialTokens">Must be null here.</param>
    /// <exception cref="InvalidDataException">The file is broken or of another kind.</exception>
    public static SentencePieceTokenizer Create(Stream modelStream, bool addBeginningOfSentence = true, bool addEndOfSentence = false, IReadOnlyDictionary<string, int>? specialTokens = null) =>
        new(modelStream, addBeginningOfSentence, addEndOfSentence, specialTokens);

    /// <summary>Whether texts begin with <see cref="BeginningOfSentenceId"/>.</summary>
    public bool AddBeginningOfSentence { get; }

    /// <summary>Whether texts end with <see cref="EndOfSentenceId"/>.</summary>
    public bool AddEndOfSentence { get; }

    /// <summary>The id that begins texts; -1 where the model has none.</summary>
    public int BeginningOfSentenceId => _model.BeginningId;

    /// <summary>The id that ends texts; -1 where the model has none.</summary>
    public int EndOfSentenceId => _model.EndId;

    /// <summary>The id of what no piece matches.</summary>
    public int UnknownId => _model.UnknownId;

    /// <summary>Whether what no piece matches becomes its bytes.</summary>
    public bool ByteFallback => _model.ByteFallback;

    /// <inheritdoc/>
    public override Normalizer? Normalizer => _normalizer;

    /// <summary>Pieces with their ids.</summary>
    public IReadOnlyDictionary<string, int> Vocabulary => _vocabulary;

    /// <inheritdoc/>
    protected override EncodeResults<int> EncodeToIds(string? text, ReadOnlySpan<char> textSpan, EncodeSettings settings)
    {
        if (text is not null) textSpan = text;
        var ids = new List<int>(textSpan.Length / 3 + 4);
        if (AddBeginningOfSentence && BeginningOfSentenceId >= 0) ids.Add(BeginningOfSentenceId);
        byte[] utf8 = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(textSpan.Length));
        ReadOnlySpan<byte> bytes = utf8.AsSpan(0, Encoding.UTF8.GetBytes(textSpan, utf8));
        if (settings.ConsiderNormalization)
        {
            var normalized = new Utf8Buffer(bytes.Length + bytes.Length / 2 + 16);
            _normalizer.Normalize(bytes, ref normalized);
            _encoder.Encode(normalized.Written, ids);
            normalized.Dispose();
        }
        else
        {
            _encoder.Encode(bytes, ids);
        }
        ArrayPool<byte>.Shared.Return(utf8);
        if (AddEndOfSentence && EndOfSentenceId >= 0) ids.Add(EndOfSentenceId);
        return new EncodeResults<int> { Tokens = ids, CharsConsumed = textSpan.Length };
    }

    /// <inheritdoc/>
    public override string Decode(IEnumerable<int> ids) => Decode(ids, considerSpecialTokens: false);

    /// <summary>The text of the ids; bytes that are not UTF-8 become U+FFFD, ids beyond the vocabulary nothing.</summary>
    /// <param name="ids">The ids.</param>
    /// <param name="considerSpecialTokens">Whether &lt;s&gt;, &lt;/s&gt; and &lt;unk&gt; are written out.</param>
    public string Decode(IEnumerable<int> ids, bool considerSpecialTokens)
    {
        ArgumentNullException.ThrowIfNull(ids);
        var output = new Utf8Buffer(256);
        bool first = !_model.TreatWhitespaceAsSuffix; // the next piece is the text's first
        foreach (int id in ids)
        {
            if ((uint)id >= (uint)_model.Pieces.Count) continue;
            var type = _model.Pieces[id].Type;
            var piece = _model.Text(id);
            if (type is PieceType.Control or PieceType.Unknown)
            {
                if (considerSpecialTokens) output.Add(piece);
                continue;
            }
            if (type == PieceType.Byte && PieceWriter.ByteOf(piece) is >= 0 and var value)
            {
                output.Add((byte)value);
                first = false;
                continue;
            }
            WritePiece(piece, ref first, ref output);
        }
        if (_model is { TreatWhitespaceAsSuffix: true, AddDummyPrefix: true } && output.Written.EndsWith(" "u8)) output.Length--;
        string text = Encoding.UTF8.GetString(output.Written);
        output.Dispose();
        return text;
    }

    /// <summary>A piece with spaces in place of U+2581, the text's first without the one that encoding puts before it.</summary>
    void WritePiece(ReadOnlySpan<byte> piece, ref bool first, ref Utf8Buffer output)
    {
        ReadOnlySpan<byte> escaped = "\u2581"u8;
        if (first && (_model.AddDummyPrefix || _model.RemoveExtraWhitespaces) && piece.StartsWith(escaped))
        {
            piece = piece[escaped.Length..];
            // Where extra spaces are taken away, those before the first word are no text's.
            first = _model.RemoveExtraWhitespaces && piece.IsEmpty;
        }
        else
        {
            first = false;
        }
        while (!piece.IsEmpty)
        {
            int at = piece.IndexOf(escaped);
            output.Add(at < 0 ? piece : piece[..at]);
            if (at < 0) break;
            output.Add((byte)' ');
            piece = piece[(at + escaped.Length)..];
        }
    }
}
