using System.Buffers;

namespace Microsoft.ML.Tokenizers;

/// <summary>
/// Kudo (2018), equation 7: of all ways to cut a text into pieces the one with the highest sum of log-probabilities, by
/// Viterbi over the text's bytes. Scores are added in the precision that SentencePiece adds them in (32-bit path scores),
/// because that decides between cuts that are equally likely.
/// </summary>
internal sealed class UnigramEncoder : IPieceEncoder
{
    const float UnknownPenalty = 10;

    readonly PieceTrie _trie;
    readonly PieceWriter _writer;
    readonly float[] _scores;
    readonly bool[] _userDefined;
    readonly float _unknownScore, _highest;
    readonly int _unknownId;

    public UnigramEncoder(ModelProto model, PieceTrie trie, PieceWriter writer)
    {
        _trie = trie;
        _writer = writer;
        _unknownId = model.UnknownId;
        _scores = new float[model.Pieces.Count];
        _userDefined = new bool[model.Pieces.Count];
        float lowest = float.MaxValue;
        _highest = float.MinValue;
        for (int id = 0; id < _scores.Length; id++)
        {
            var piece = model.Pieces[id];
            _scores[id] = piece.Score;
            _userDefined[id] = piece.Type == PieceType.UserDefined;
            if (piece.Type != PieceType.Normal) continue;
            lowest = Math.Min(lowest, piece.Score);
            _highest = Math.Max(_highest, piece.Score);
        }
        _unknownScore = lowest - UnknownPenalty;
    }

    /// <summary>The best way to a place in the text: where its last piece begins, its id, and the sum up to here.</summary>
    struct Step
    {
        public float Score;
        public int Start;
        public int Id;
        public int Next; // where the next piece of the chosen cut ends
    }

    /// <inheritdoc/>
    public void Encode(ReadOnlySpan<byte> text, List<int> ids)
    {
        var rented = ArrayPool<Step>.Shared.Rent(text.Length + 1);
        var best = rented.AsSpan(0, text.Length + 1);
        foreach (ref var step in best) step.Start = -1;
        best[0].Score = 0;
        for (int start = 0; start < text.Length;)
        {
            int character = Math.Min(SentencePieceNormalizer.Utf8Length(text[start]), text.Length - start);
            float before = best[start].Score;
            bool single = false;
            for (int end = start, node = PieceTrie.Root; end < text.Length;)
            {
                node = _trie.Child(node, text[end++]);
                if (node == PieceTrie.None) break;
                int id = _trie.Value(node);
                if (id < 0) continue;
                double score = _userDefined[id] ? (end - start) * _highest - 0.1 : _scores[id];
                Offer(ref best[end], score + before, start, id);
                single |= end - start == character;
            }
            if (!single) Offer(ref best[start + character], _unknownScore + before, start, _unknownId);
            start += character;
        }

        // The chosen places from the end backwards, then the pieces in reading order.
        for (int end = text.Length; end > 0; end = best[end].Start) best[best[end].Start].Next = end;
        bool afterUnknown = false;
        for (int start = 0, end; start < text.Length; start = end)
        {
            end = best[start].Next;
            _writer.Write(text[start..end], best[end].Id, ids, ref afterUnknown);
        }
        ArrayPool<Step>.Shared.Return(rented);
    }

    static void Offer(ref Step place, double score, int start, int id)
    {
        if (place.Start < 0 || score > place.Score) place = new Step { Score = (float)score, Start = start, Id = id };
    }
}
