namespace DiffusionBatch.Evaluation.Text;

/// <summary>
/// The n-grams of one segment as nodes of a trie, exact and without an allocation per n-gram. A node is found from its
/// parent and its last symbol through one hash table, whose slots carry the segment's stamp so that nothing is cleared.
/// Every node has two counters.
/// </summary>
internal sealed class NgramTrie
{
    ulong[] _keys = new ulong[1024];
    int[] _nodes = new int[1024];
    int[] _stamps = new int[1024];
    int[] _first = new int[512];
    int[] _second = new int[512];
    int _count;
    int _stamp;

    /// <summary>The node of no symbols.</summary>
    public const int Root = 0;

    /// <summary>How many nodes there are, the root included; they are numbered from 0.</summary>
    public int Count => _count;

    /// <summary>A node's first counter.</summary>
    public ref int First(int node) => ref _first[node];

    /// <summary>A node's second counter.</summary>
    public ref int Second(int node) => ref _second[node];

    /// <summary>Begins a segment: only the root is left.</summary>
    public void Clear()
    {
        _stamp++;
        _count = 1;
    }

    /// <summary>The node one symbol further, made where it is new, with both counters 0.</summary>
    public int Child(int parent, int symbol)
    {
        if (2 * (_count + 1) > _keys.Length) Grow();
        ulong key = ((ulong)(uint)parent << 32) | (uint)symbol;
        int slot = Slot(key);
        if (_stamps[slot] == _stamp) return _nodes[slot];
        if (_count == _first.Length)
        {
            Array.Resize(ref _first, 2 * _count);
            Array.Resize(ref _second, 2 * _count);
        }
        (_keys[slot], _stamps[slot], _nodes[slot]) = (key, _stamp, _count);
        _first[_count] = _second[_count] = 0;
        return _count++;
    }

    /// <summary>The node of some symbols, made where it is new.</summary>
    public int Node(ReadOnlySpan<int> symbols)
    {
        int node = Root;
        foreach (int symbol in symbols) node = Child(node, symbol);
        return node;
    }

    /// <summary>The node one symbol further; null where there is none.</summary>
    public int? Find(int parent, int symbol)
    {
        int slot = Slot(((ulong)(uint)parent << 32) | (uint)symbol);
        return _stamps[slot] == _stamp ? _nodes[slot] : null;
    }

    /// <summary>The slot of a key, or the free one that it would take.</summary>
    int Slot(ulong key)
    {
        int mask = _keys.Length - 1;
        ulong hash = (key ^ (key >> 29)) * 0x9E3779B97F4A7C15UL;
        int slot = (int)(hash >> 32) & mask;
        while (_stamps[slot] == _stamp && _keys[slot] != key) slot = (slot + 1) & mask;
        return slot;
    }

    void Grow()
    {
        var (keys, nodes, stamps) = (_keys, _nodes, _stamps);
        (_keys, _nodes, _stamps) = (new ulong[2 * keys.Length], new int[2 * keys.Length], new int[2 * keys.Length]);
        for (int i = 0; i < keys.Length; i++)
        {
            if (stamps[i] != _stamp) continue;
            int slot = Slot(keys[i]);
            (_keys[slot], _stamps[slot], _nodes[slot]) = (keys[i], _stamp, nodes[i]);
        }
    }
}
