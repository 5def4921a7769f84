using System.Buffers;
using System.Text;

namespace DiffusionBatch.Diffusion.Tokenization.SentencePiece;

/// <summary>
/// SentencePiece's BPE: a text starts as its characters, and of all neighbours that make a piece together the pair of the
/// highest score is merged, the leftmost of equals. User-defined pieces are whole from the start and never merged; a piece
/// that isn't to be given out is taken apart again.
/// </summary>
internal sealed class PairCutter : PieceCutter
{
    const int Unknown = -1, FirstWhole = -2; // a symbol; user-defined piece i is FirstWhole - i: what is negative never merges

    static ReadOnlySpan<byte> Space => "\u2581"u8;

    readonly ModelFile _model;
    readonly PieceTrie? _userDefined;
    readonly MergeTable _merges = new();
    readonly Dictionary<int, int> _characters = []; // a symbol by scalar value; from the number of pieces on it is no piece by itself
    readonly int[] _lengths; // of pieces, in bytes
    readonly bool _crossesSpaces; // whether a piece has a space behind something else

    /// <param name="model">The model.</param>
    public PairCutter(ModelFile model) : base(model)
    {
        _model = model;
        _userDefined = PieceTrie.Of(model, PieceKind.UserDefined);
        _lengths = [.. model.Pieces.Select(p => Encoding.UTF8.GetByteCount(p.Text))];
        _crossesSpaces = model.Pieces.Any(p => p.Text.TrimStart('\u2581').Contains('\u2581', StringComparison.Ordinal));
        var symbols = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int id = 0; id < model.Pieces.Count; id++)
            if (model.Pieces[id].Kind is PieceKind.Normal or PieceKind.Unused) symbols.TryAdd(model.Pieces[id].Text, id);
        var pieces = symbols.OrderByDescending(p => model.Pieces[p.Value].Score).ToList();
        foreach (var (text, _) in pieces)
        {
            foreach (var character in text.EnumerateRunes())
            {
                if (_characters.ContainsKey(character.Value)) continue;
                if (!symbols.TryGetValue(character.ToString(), out int symbol))
                    symbols[character.ToString()] = symbol = model.Pieces.Count + _characters.Count;
                _characters[character.Value] = symbol;
            }
        }

        var lookup = symbols.GetAlternateLookup<ReadOnlySpan<char>>();
        int rank = -1;
        float before = float.NaN;
        foreach (var (text, id) in pieces)
        {
            // Pieces of one score have one rank, and so have all the ways to make a piece of two.
            if (model.Pieces[id].Score != before) rank++;
            before = model.Pieces[id].Score;
            for (int at = 1; at < text.Length; at++)
                if (lookup.TryGetValue(text.AsSpan(0, at), out int left) && lookup.TryGetValue(text.AsSpan(at), out int right))
                    _merges.Add(left, right, rank, id);
        }
    }

    /// <inheritdoc/>
    public override void Cut(ReadOnlySpan<byte> text, List<int> ids)
    {
        bool afterUnknown = false;
        for (int length; !text.IsEmpty; text = text[length..])
        {
            length = WordLength(text);
            Cut(text[..length], never: -1, ids, ref afterUnknown);
        }
    }

    /// <summary>The bytes up to a space behind something else: no merge crosses it unless there is a piece that does.</summary>
    int WordLength(ReadOnlySpan<byte> text)
    {
        if (_crossesSpaces) return text.Length;
        int at = 0;
        while (text[at..].StartsWith(Space)) at += Space.Length;
        return text[at..].IndexOf(Space) is >= 0 and var length ? at + length : text.Length;
    }

    void Cut(ReadOnlySpan<byte> text, int never, List<int> ids, ref bool afterUnknown)
    {
        int[] rented = ArrayPool<int>.Shared.Rent(text.Length);
        int count = 0;
        for (int at = 0, length; at < text.Length; at += length)
        {
            int whole = -1;
            length = _userDefined?.LongestPrefix(text[at..], out whole) ?? 0;
            if (length > 0)
            {
                rented[count++] = FirstWhole - whole;
                continue;
            }
            Rune.DecodeFromUtf8(text[at..], out var character, out length);
            rented[count++] = _characters.GetValueOrDefault(character.Value, Unknown);
        }
        foreach (int symbol in rented.AsSpan(0, _merges.Merge(rented.AsSpan(0, count), never)))
            text = text[Write(symbol, text, ids, ref afterUnknown)..];
        ArrayPool<int>.Shared.Return(rented);
    }

    /// <summary>Appends a symbol's ids.</summary>
    /// <returns>Its length in bytes.</returns>
    int Write(int symbol, ReadOnlySpan<byte> text, List<int> ids, ref bool afterUnknown)
    {
        Rune.DecodeFromUtf8(text, out _, out int character);
        if (symbol == Unknown || symbol >= _lengths.Length)
        {
            WriteUnknown(text[..character], ids, ref afterUnknown);
            return character;
        }
        int id = symbol < 0 ? FirstWhole - symbol : symbol, length = _lengths[id];
        if (_model.Pieces[id].Kind == PieceKind.Unused && length > character)
        {
            Cut(text[..length], never: id, ids, ref afterUnknown);
            return length;
        }
        ids.Add(id);
        afterUnknown = false;
        return length;
    }
}
