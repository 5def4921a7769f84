using System.Buffers;
using System.Collections.ObjectModel;
using System.Text;

namespace Microsoft.ML.Tokenizers;

/// <summary>Byte-pair encoding: a piece starts as its smallest units, and the known pairs are merged by rank.</summary>
public sealed class BpeTokenizer : Tokenizer
{
    readonly Dictionary<string, int> _vocabulary;
    readonly Dictionary<int, string> _tokens = [];
    readonly Dictionary<int, string> _specialTexts = [];
    readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _lookup;
    readonly int[] _byteIds = new int[256]; // -1: the vocabulary lacks the byte
    readonly MergeTable _merges;
    readonly PieceCache _cache = new();
    readonly PreTokenizer _preTokenizer;
    readonly int? _unknownId;

    BpeTokenizer(BpeOptions options, Dictionary<string, int> vocabulary)
    {
        _vocabulary = vocabulary;
        _lookup = vocabulary.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (var (token, id) in vocabulary) _tokens.Add(id, token);
        for (int b = 0; b < 256; b++) _byteIds[b] = vocabulary.GetValueOrDefault(ByteAlphabet.CharacterOf((byte)b).ToString(), -1);
        _merges = new MergeTable(options.Merges ?? [], vocabulary);
        _preTokenizer = options.PreTokenizer ?? PreTokenizer.CreateWordOrNonWord();
        Normalizer = options.Normalizer;
        ByteLevel = options.ByteLevel;
        SpecialTokens = options.SpecialTokens;
        foreach (var (token, id) in SpecialTokens ?? new Dictionary<string, int>()) _specialTexts[id] = token;
        UnknownToken = options.UnknownToken;
        if (UnknownToken is not null && vocabulary.TryGetValue(UnknownToken, out int unknown)) _unknownId = unknown;
    }

    /// <summary>A tokenizer of what the options hold.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> is null.</exception>
    /// <exception cref="InvalidOperationException">The vocabulary is empty, or a merge is malformed or names a token that it lacks.</exception>
    public static BpeTokenizer Create(BpeOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var vocabulary = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (token, id) in options.Vocabulary) vocabulary.Add(token, id);
        if (vocabulary.Count == 0) throw new InvalidOperationException("The vocabulary cannot be empty.");
        return new BpeTokenizer(options, vocabulary);
    }

    /// <summary>Whether texts are encoded as their UTF-8 bytes.</summary>
    public bool ByteLevel { get; }

    /// <inheritdoc/>
    public override Normalizer? Normalizer { get; }

    /// <inheritdoc/>
    public override PreTokenizer? PreTokenizer => _preTokenizer;

    /// <summary>Texts with an id of their own, or null.</summary>
    public IReadOnlyDictionary<string, int>? SpecialTokens { get; }

    /// <summary>The token in place of what the vocabulary lacks, or null.</summary>
    public string? UnknownToken { get; }

    /// <summary>Tokens with their ids.</summary>
    public IReadOnlyDictionary<string, int> Vocabulary => new ReadOnlyDictionary<string, int>(_vocabulary);

    /// <inheritdoc/>
    protected override EncodeResults<int> EncodeToIds(string? text, ReadOnlySpan<char> textSpan, EncodeSettings settings)
    {
        if (text is not null) textSpan = text;
        if (textSpan.IsEmpty) return new EncodeResults<int> { Tokens = [] };
        string? normalized = null;
        if (settings.ConsiderNormalization && Normalizer is not null)
        {
            normalized = text is null ? Normalizer.Normalize(textSpan) : Normalizer.Normalize(text);
            text = normalized;
            textSpan = normalized;
        }
        var ids = new List<int>(textSpan.Length / 3 + 4);
        if (!settings.ConsiderPreTokenization)
        {
            EncodePiece(textSpan, ids);
        }
        else
        {
            foreach (var (offset, length) in text is null ? _preTokenizer.PreTokenize(textSpan) : _preTokenizer.PreTokenize(text))
                EncodePiece(textSpan.Slice(offset, length), ids);
        }
        return new EncodeResults<int> { Tokens = ids, NormalizedText = normalized, CharsConsumed = textSpan.Length };
    }

    /// <inheritdoc/>
    public override string Decode(IEnumerable<int> ids) => Decode(ids, considerSpecialTokens: true);

    /// <summary>The text of the ids; bytes that are not UTF-8 become U+FFFD, ids beyond the vocabulary nothing.</summary>
    /// <param name="ids">The ids.</param>
    /// <param name="considerSpecialTokens">Whether special tokens are written out.</param>
    public string Decode(IEnumerable<int> ids, bool considerSpecialTokens)
    {
        ArgumentNullException.ThrowIfNull(ids);
        var bytes = new ArrayBufferWriter<byte>();
        foreach (int id in ids)
        {
            if (_specialTexts.TryGetValue(id, out string? special) || (!ByteLevel && id == _unknownId && (special = UnknownToken) is not null))
            {
                if (considerSpecialTokens) Encoding.UTF8.GetBytes(special, bytes);
            }
            else if (_tokens.TryGetValue(id, out string? token))
            {
                if (ByteLevel) WriteBytes(token, bytes);
                else Encoding.UTF8.GetBytes(token, bytes);
            }
        }
        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }

    static void WriteBytes(string token, ArrayBufferWriter<byte> bytes)
    {
        foreach (char c in token)
        {
            if (ByteAlphabet.ByteOf(c) is >= 0 and int b)
            {
                bytes.GetSpan(1)[0] = (byte)b;
                bytes.Advance(1);
            }
        }
    }

    void EncodePiece(ReadOnlySpan<char> piece, List<int> ids)
    {
        if (SpecialTokens is not null && SpecialTokens.TryGetValue(piece.ToString(), out int special))
        {
            ids.Add(special);
            return;
        }
        bool cached = piece.Length <= PieceCache.MaximumLength;
        if (cached && _cache.TryGet(piece, out int[] known))
        {
            ids.AddRange(known);
            return;
        }
        const int OnStack = 256;
        int most = ByteLevel ? Encoding.UTF8.GetMaxByteCount(piece.Length) : piece.Length;
        Span<int> symbols = most <= OnStack ? stackalloc int[OnStack] : new int[most];
        symbols = symbols[..(ByteLevel ? Bytes(piece, symbols) : Characters(piece, symbols))];
        symbols = symbols[.._merges.Merge(symbols)];
        ids.AddRange(symbols);
        if (cached) _cache.Set(piece, symbols.ToArray());
    }

    int Bytes(ReadOnlySpan<char> piece, Span<int> symbols)
    {
        const int OnStack = 256;
        int most = Encoding.UTF8.GetMaxByteCount(piece.Length), count = 0;
        Span<byte> bytes = most <= OnStack ? stackalloc byte[OnStack] : new byte[most];
        foreach (byte b in bytes[..Encoding.UTF8.GetBytes(piece, bytes)])
            Add(_byteIds[b], symbols, ref count);
        return count;
    }

    int Characters(ReadOnlySpan<char> piece, Span<int> symbols)
    {
        int count = 0;
        for (int i = 0; i < piece.Length;)
        {
            int length = char.IsHighSurrogate(piece[i]) && i + 1 < piece.Length && char.IsLowSurrogate(piece[i + 1]) ? 2 : 1;
            Add(_lookup.TryGetValue(piece.Slice(i, length), out int id) ? id : -1, symbols, ref count);
            i += length;
        }
        return count;
    }

    void Add(int id, Span<int> symbols, ref int count)
    {
        if (id < 0)
        {
            if (UnknownToken is null) return;
            id = _unknownId ?? throw new InvalidOperationException("Unknown Token Out Of Vocabulary.");
        }
        symbols[count++] = id;
    }
}
