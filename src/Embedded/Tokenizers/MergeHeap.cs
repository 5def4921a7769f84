using System.Buffers;

namespace Microsoft.ML.Tokenizers;

/// <summary>Two neighbours that make a piece.</summary>
/// <param name="Score">The piece's score.</param>
/// <param name="Left">The left symbol's index.</param>
/// <param name="Right">The right symbol's index.</param>
/// <param name="Length">The piece's bytes: where the two have other lengths by now, the entry is stale.</param>
internal readonly record struct Merge(float Score, int Left, int Right, int Length);

/// <summary>A binary heap of merges in a rented array: the highest score first, the leftmost among equals.</summary>
internal ref struct MergeHeap(int capacity)
{
    Merge[] _merges = ArrayPool<Merge>.Shared.Rent(Math.Max(capacity, 16));
    int _count;

    public void Push(Merge merge)
    {
        if (_count == _merges.Length)
        {
            var larger = ArrayPool<Merge>.Shared.Rent(_count * 2);
            _merges.AsSpan(0, _count).CopyTo(larger);
            ArrayPool<Merge>.Shared.Return(_merges);
            _merges = larger;
        }
        int at = _count++;
        while (at > 0 && IsBefore(merge, _merges[(at - 1) / 2]))
        {
            _merges[at] = _merges[(at - 1) / 2];
            at = (at - 1) / 2;
        }
        _merges[at] = merge;
    }

    public bool TryPop(out Merge first)
    {
        first = default;
        if (_count == 0) return false;
        first = _merges[0];
        var last = _merges[--_count];
        int at = 0;
        for (int child; (child = 2 * at + 1) < _count; at = child)
        {
            if (child + 1 < _count && IsBefore(_merges[child + 1], _merges[child])) child++;
            if (!IsBefore(_merges[child], last)) break;
            _merges[at] = _merges[child];
        }
        _merges[at] = last;
        return true;
    }

    public readonly void Dispose() => ArrayPool<Merge>.Shared.Return(_merges);

    static bool IsBefore(in Merge a, in Merge b) => a.Score > b.Score || (a.Score == b.Score && a.Left < b.Left);
}
