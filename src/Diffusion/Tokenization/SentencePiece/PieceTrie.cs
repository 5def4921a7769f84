using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace DiffusionBatch.Diffusion.Tokenization.SentencePiece;

/// <summary>Pieces by their UTF-8 bytes. A node's children stand side by side.</summary>
internal sealed class PieceTrie
{
    /// <summary>The node that every walk starts at.</summary>
    public const int Root = 0;

    readonly List<byte> _labels = [0]; // of a node, from its parent to it
    readonly List<Node> _nodes = [default];

    readonly record struct Node(int FirstChild, int Children, int Id); // the id of the piece that ends here; -1 for none

    /// <summary>The trie of a model's pieces of some kinds; of equal texts the first counts. Null where there is no such piece.</summary>
    public static PieceTrie? Of(ModelFile model, params ReadOnlySpan<PieceKind> kinds)
    {
        var wanted = new List<(byte[] Text, int Id)>();
        for (int id = 0; id < model.Pieces.Count; id++)
            if (kinds.Contains(model.Pieces[id].Kind)) wanted.Add((Encoding.UTF8.GetBytes(model.Pieces[id].Text), id));
        return wanted.Count == 0 ? null : new PieceTrie(Sorted(wanted));
    }

    /// <summary>Pieces by their bytes, equal ones by their ids.</summary>
    static (byte[] Text, int Id)[] Sorted(List<(byte[] Text, int Id)> pieces)
    {
        // By the first eight bytes as one number, then what is equal so far: a quarter of a million of texts takes its time.
        var sorted = pieces.ToArray();
        ulong[] heads = new ulong[sorted.Length];
        Span<byte> head = stackalloc byte[8];
        for (int i = 0; i < sorted.Length; i++)
        {
            head.Clear();
            sorted[i].Text.AsSpan(0, Math.Min(8, sorted[i].Text.Length)).CopyTo(head);
            heads[i] = BinaryPrimitives.ReadUInt64BigEndian(head);
        }
        Array.Sort(heads, sorted);
        for (int from = 0, to; from < sorted.Length; from = to)
        {
            for (to = from + 1; to < sorted.Length && heads[to] == heads[from];) to++;
            if (to > from + 1) sorted.AsSpan(from, to - from)
                .Sort((a, b) => a.Text.AsSpan().SequenceCompareTo(b.Text) is not 0 and var order ? order : a.Id.CompareTo(b.Id));
        }
        return sorted;
    }

    PieceTrie((byte[] Text, int Id)[] sorted)
    {
        var open = new Stack<(int Node, int From, int To, int Depth)>();
        open.Push((Root, 0, sorted.Length, 0));
        while (open.TryPop(out var range))
        {
            var (node, from, to, depth) = range;
            int id = sorted[from].Text.Length == depth ? sorted[from].Id : -1, first = _nodes.Count;
            while (from < to && sorted[from].Text.Length == depth) from++;
            for (int end; from < to; from = end)
            {
                byte label = sorted[from].Text[depth];
                for (end = from + 1; end < to && sorted[end].Text[depth] == label;) end++;
                open.Push((_nodes.Count, from, end, depth + 1));
                _labels.Add(label);
                _nodes.Add(default);
            }
            _nodes[node] = new Node(first, _nodes.Count - first, id);
        }
    }

    /// <summary>Goes from a node to its child; false where there is none.</summary>
    public bool Step(ref int node, byte label)
    {
        var (first, count, _) = _nodes[node];
        int at = CollectionsMarshal.AsSpan(_labels).Slice(first, count).IndexOf(label);
        node = first + at;
        return at >= 0;
    }

    /// <summary>The id of the piece that ends at a node, or -1.</summary>
    public int IdAt(int node) => _nodes[node].Id;

    /// <summary>The longest piece that a text begins with, in bytes; 0 for none.</summary>
    public int LongestPrefix(ReadOnlySpan<byte> text, out int id)
    {
        id = -1;
        int longest = 0;
        for (int at = 0, node = Root; at < text.Length && Step(ref node, text[at]);)
        {
            at++;
            if (_nodes[node].Id < 0) continue;
            (longest, id) = (at, _nodes[node].Id);
        }
        return longest;
    }
}
