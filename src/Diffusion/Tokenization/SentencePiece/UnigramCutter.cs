using System.Buffers;
using System.Text;

namespace DiffusionBatch.Diffusion.Tokenization.SentencePiece;

/// <summary>
/// Kudo (2018), equation 7: of all ways to cut a text into pieces the one with the highest sum of log-probabilities, by
/// Viterbi over the text's bytes.
/// </summary>
/// <remarks>
/// A sum is kept in 32 bits and compared, before it is rounded to them, with the rounded best one, since SentencePiece does
/// so: that decides between cuts that are nearly equally likely, of which a text of a thousand tokens has some.
/// </remarks>
internal sealed class UnigramCutter : PieceCutter
{
    /// <summary>How much less likely than the least likely piece a character is that no piece matches.</summary>
    const float UnknownPenalty = 10;

    readonly PieceTrie? _trie;
    readonly float[] _scores;
    readonly bool[] _userDefined;
    readonly float _unknownScore, _highest;

    /// <param name="model">The model.</param>
    public UnigramCutter(ModelFile model) : base(model)
    {
        _trie = PieceTrie.Of(model, PieceKind.Normal, PieceKind.UserDefined);
        _scores = [.. model.Pieces.Select(p => p.Score)];
        _userDefined = [.. model.Pieces.Select(p => p.Kind == PieceKind.UserDefined)];
        var normal = model.Pieces.Where(p => p.Kind == PieceKind.Normal).Select(p => p.Score).DefaultIfEmpty().ToList();
        // SentencePiece looks for the highest score from the smallest positive number on.
        (_unknownScore, _highest) = (normal.Min() - UnknownPenalty, Math.Max(normal.Max(), 1.17549435e-38f));
    }

    /// <summary>The best way to a place in the text.</summary>
    struct Way
    {
        public float Score;
        public int Start; // of its last piece; -1: there is no way yet
        public int Id; // of its last piece; -1 where none matches
        public int End; // of the piece that begins here, in the cut that was chosen
    }

    /// <inheritdoc/>
    public override void Cut(ReadOnlySpan<byte> text, List<int> ids)
    {
        var rented = ArrayPool<Way>.Shared.Rent(text.Length + 1);
        var ways = rented.AsSpan(0, text.Length + 1);
        foreach (ref var way in ways) way.Start = -1;
        ways[0].Score = 0;
        for (int start = 0; start < text.Length;)
        {
            Rune.DecodeFromUtf8(text[start..], out _, out int character);
            bool isKnown = false;
            for (int end = start, node = PieceTrie.Root; end < text.Length && _trie is not null && _trie.Step(ref node, text[end]);)
            {
                end++;
                int id = _trie.IdAt(node);
                if (id < 0) continue;
                // User-defined pieces are to be chosen whatever else matches.
                double score = _userDefined[id] ? (end - start) * _highest - 0.1 : _scores[id];
                Offer(ref ways[end], score + ways[start].Score, start, id);
                isKnown |= end - start == character;
            }
            if (!isKnown) Offer(ref ways[start + character], _unknownScore + ways[start].Score, start, -1);
            start += character;
        }

        for (int end = text.Length; end > 0; end = ways[end].Start) ways[ways[end].Start].End = end;
        bool afterUnknown = false;
        for (int start = 0, end; start < text.Length; start = end)
        {
            end = ways[start].End;
            if (ways[end].Id < 0)
            {
                WriteUnknown(text[start..end], ids, ref afterUnknown);
                continue;
            }
            ids.Add(ways[end].Id);
            afterUnknown = false;
        }
        ArrayPool<Way>.Shared.Return(rented);
    }

    static void Offer(ref Way way, double score, int start, int id)
    {
        if (way.Start < 0 || score > way.Score) way = new Way { Score = (float)score, Start = start, Id = id };
    }
}
