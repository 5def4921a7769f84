using System.Buffers;

namespace Microsoft.ML.Tokenizers;

/// <summary>
/// SentencePiece's BPE: the text starts as its characters; of all neighbours that make a piece together the one with the
/// highest score is merged, the leftmost among equals, until none is left. A heap with lazy entries keeps it n log n.
/// </summary>
internal sealed class PairEncoder(ModelProto model, PieceTrie trie, PieceTrie? userDefined, PieceWriter writer) : IPieceEncoder
{
    struct Symbol
    {
        public int Start;
        public int Length; // 0: merged into the one before
        public int Previous;
        public int Next;
        public bool Frozen; // user-defined pieces are never merged
    }

    /// <inheritdoc/>
    public void Encode(ReadOnlySpan<byte> text, List<int> ids)
    {
        var rented = ArrayPool<Symbol>.Shared.Rent(text.Length + 1);
        var symbols = rented.AsSpan(0, Split(text, rented));
        var heap = new MergeHeap(symbols.Length);
        // What was merged to an unused piece, by its bytes' place: how to take it apart again.
        Dictionary<(int Start, int Length), int>? parts = null;
        for (int i = 1; i < symbols.Length; i++) Offer(text, symbols, i - 1, i, ref heap, ref parts);
        while (heap.TryPop(out var merge))
        {
            ref var left = ref symbols[merge.Left];
            ref var right = ref symbols[merge.Right];
            // Stale: one of the two has been merged away or has grown since.
            if (left.Length == 0 || right.Length == 0 || left.Length + right.Length != merge.Length) continue;
            left.Length = merge.Length;
            left.Next = right.Next;
            if (right.Next >= 0) symbols[right.Next].Previous = merge.Left;
            right.Length = 0;
            Offer(text, symbols, left.Previous, merge.Left, ref heap, ref parts);
            Offer(text, symbols, merge.Left, left.Next, ref heap, ref parts);
        }
        heap.Dispose();
        bool afterUnknown = false;
        for (int i = symbols.IsEmpty ? -1 : 0; i >= 0; i = symbols[i].Next)
            Write(text, symbols[i].Start, symbols[i].Length, parts, ids, ref afterUnknown);
        ArrayPool<Symbol>.Shared.Return(rented);
    }

    /// <summary>Characters and user-defined pieces.</summary>
    int Split(ReadOnlySpan<byte> text, Span<Symbol> symbols)
    {
        int count = 0;
        for (int at = 0; at < text.Length;)
        {
            int frozen = userDefined?.LongestPrefix(text[at..]) ?? 0;
            int length = frozen > 0 ? frozen : Math.Min(SentencePieceNormalizer.Utf8Length(text[at]), text.Length - at);
            symbols[count] = new Symbol { Start = at, Length = length, Previous = count - 1, Next = count + 1, Frozen = frozen > 0 };
            count++;
            at += length;
        }
        if (count > 0) symbols[count - 1].Next = -1;
        return count;
    }

    void Offer(ReadOnlySpan<byte> text, Span<Symbol> symbols, int left, int right, ref MergeHeap heap, ref Dictionary<(int Start, int Length), int>? parts)
    {
        if (left < 0 || right < 0 || symbols[left].Frozen || symbols[right].Frozen) return;
        int start = symbols[left].Start, length = symbols[left].Length + symbols[right].Length;
        int id = trie.Find(text.Slice(start, length));
        if (id < 0) return;
        heap.Push(new Merge(model.Pieces[id].Score, left, right, length));
        if (model.Pieces[id].Type == PieceType.Unused) (parts ??= [])[(start, length)] = symbols[left].Length;
    }

    void Write(ReadOnlySpan<byte> text, int start, int length, Dictionary<(int Start, int Length), int>? parts, List<int> ids, ref bool afterUnknown)
    {
        var piece = text.Slice(start, length);
        int id = trie.Find(piece);
        if (id < 0) id = model.UnknownId;
        if (model.Pieces[id].Type == PieceType.Unused && parts is not null && parts.TryGetValue((start, length), out int left))
        {
            Write(text, start, left, parts, ids, ref afterUnknown);
            Write(text, start + left, length - left, parts, ids, ref afterUnknown);
            return;
        }
        writer.Write(piece, id, ids, ref afterUnknown);
    }
}
