using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Microsoft.ML.Tokenizers;

/// <summary>
/// Builds a <see cref="PieceTrie"/>: the strings are sorted, nodes are ranges of them, and each node's children are put
/// where all of them find a free unit. Only the last <see cref="OpenBlocks"/> blocks of 256 units are searched.
/// </summary>
internal sealed class PieceTrieBuilder
{
    const int BlockSize = 256;
    const int OpenBlocks = 16;

    readonly ModelProto _model;
    readonly int[] _sorted;
    ulong[] _units = new ulong[1 << 16];
    bool[] _bases = new bool[1 << 16]; // whether a node has this base
    int[] _nextFree = new int[1 << 16], _previousFree = new int[1 << 16];
    int _count = BlockSize; // units in whole blocks; the first block stays free
    int _firstFree = -1;

    PieceTrieBuilder(ModelProto model, int[] sorted) => (_model, _sorted) = (model, sorted);

    /// <summary>The trie of some of a model's pieces by their ids; the first of equal texts counts.</summary>
    /// <exception cref="InvalidDataException">The pieces are too many.</exception>
    public static PieceTrie Build(ModelProto model, Func<PieceType, bool> wanted)
    {
        int[] ids = [.. Enumerable.Range(0, model.Pieces.Count).Where(id => wanted(model.Pieces[id].Type))];
        Sort(model, ids);
        return new PieceTrieBuilder(model, ids).Run();
    }

    /// <summary>Sorts ids by their text's bytes: by the first eight as one number, then by what is left.</summary>
    static void Sort(ModelProto model, int[] ids)
    {
        var keys = new ulong[ids.Length];
        Span<byte> first = stackalloc byte[8];
        for (int i = 0; i < ids.Length; i++)
        {
            first.Clear();
            var text = model.Text(ids[i]);
            text[..Math.Min(8, text.Length)].CopyTo(first);
            keys[i] = BinaryPrimitives.ReadUInt64BigEndian(first);
        }
        Array.Sort(keys, ids);
        for (int from = 0, to; from < ids.Length; from = to)
        {
            for (to = from + 1; to < ids.Length && keys[to] == keys[from];) to++;
            if (to > from + 1)
                ids.AsSpan(from, to - from).Sort((a, b) => model.Text(a).SequenceCompareTo(model.Text(b)) is not 0 and var order ? order : a.CompareTo(b));
        }
    }

    PieceTrie Run()
    {
        Reserve(PieceTrie.Root);
        SetUnit(PieceTrie.Root, 0, -1);
        var open = new Stack<(int Node, int From, int To, int Depth)>();
        open.Push((PieceTrie.Root, 0, _sorted.Length, 0));
        var children = new List<(byte Label, int From, int To)>();
        while (open.TryPop(out var range))
        {
            var (node, from, to, depth) = range;
            int value = -1;
            for (; from < to && _model.Pieces[_sorted[from]].Length == depth; from++)
                if (value < 0) value = _sorted[from];
            children.Clear();
            while (from < to)
            {
                byte label = _model.Text(_sorted[from])[depth];
                int end = from + 1;
                while (end < to && _model.Text(_sorted[end])[depth] == label) end++;
                children.Add((label, from, end));
                from = end;
            }
            ref ulong unit = ref _units[node];
            unit = unit & 0xFFFF_FFFF | (ulong)(uint)value << 32;
            if (children.Count == 0) continue;
            int place = Place(CollectionsMarshal.AsSpan(children));
            _bases[place] = true;
            _units[node] |= (ulong)place << 9;
            foreach (var (label, start, end) in children)
            {
                SetUnit(place ^ label, label, -1);
                open.Push((place ^ label, start, end, depth + 1));
            }
        }
        return new PieceTrie(_units.AsSpan(0, _count).ToArray());
    }

    /// <summary>A base that no node has, under which every child's unit is free.</summary>
    int Place(ReadOnlySpan<(byte Label, int From, int To)> children)
    {
        byte first = children[0].Label;
        for (int free = _firstFree; free >= 0; free = _nextFree[free])
        {
            int place = free ^ first;
            if (!_bases[place] && Fits(place, children)) return place;
        }
        int start = _count;
        Reserve(start);
        return start ^ first;
    }

    bool Fits(int place, ReadOnlySpan<(byte Label, int From, int To)> children)
    {
        foreach (var (label, _, _) in children)
            if ((_units[place ^ label] & 0x1FF) != 0) return false;
        return true;
    }

    void SetUnit(int unit, byte label, int value)
    {
        _units[unit] = (ulong)(uint)value << 32 | (uint)label + 1;
        Unlink(unit);
    }

    /// <summary>Adds the block that begins at <paramref name="start"/> and closes the one that is too old to be searched.</summary>
    void Reserve(int start)
    {
        if (start + BlockSize > 1 << 23) throw new InvalidDataException("The SentencePiece model has too many pieces.");
        if (start + BlockSize > _units.Length)
        {
            Array.Resize(ref _units, _units.Length * 2);
            Array.Resize(ref _bases, _units.Length);
            Array.Resize(ref _nextFree, _units.Length);
            Array.Resize(ref _previousFree, _units.Length);
        }
        _count = start + BlockSize;
        if (start > OpenBlocks * BlockSize)
        {
            int old = start - OpenBlocks * BlockSize;
            for (int unit = old; unit < old + BlockSize; unit++)
                if ((_units[unit] & 0x1FF) == 0) Unlink(unit);
        }
        for (int unit = _count - 1; unit >= start; unit--)
        {
            (_nextFree[unit], _previousFree[unit]) = (_firstFree, -1);
            if (_firstFree >= 0) _previousFree[_firstFree] = unit;
            _firstFree = unit;
        }
    }

    void Unlink(int unit)
    {
        var (next, previous) = (_nextFree[unit], _previousFree[unit]);
        if (next >= 0) _previousFree[next] = previous;
        if (previous >= 0) _nextFree[previous] = next;
        else _firstFree = next;
    }
}
