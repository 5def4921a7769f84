using System.Text;

namespace DiffusionBatch.Diffusion.Tokenization.SentencePiece;

/// <summary>
/// Pieces by their UTF-8 bytes. Nodes are numbered level by level, so that a node's children stand side by side and the
/// next node's follow them.
/// </summary>
internal sealed class PieceTrie
{
    readonly byte[] _labels; // of a node, from its parent to it
    readonly int[] _children; // a node's first child; the next node's first child is behind its last
    readonly int[] _ids; // of the piece that ends at a node; -1 for none

    /// <summary>The node that every walk starts at.</summary>
    public const int Root = 0;

    PieceTrie(byte[] labels, int[] children, int[] ids) => (_labels, _children, _ids) = (labels, children, ids);

    /// <summary>The trie of a model's pieces of some kinds; of equal texts the first counts. Null where there is no such piece.</summary>
    public static PieceTrie? Of(ModelFile model, params ReadOnlySpan<PieceKind> kinds)
    {
        var wanted = new List<(byte[] Text, int Id)>();
        for (int id = 0; id < model.Pieces.Count; id++)
            if (kinds.Contains(model.Pieces[id].Kind)) wanted.Add((Encoding.UTF8.GetBytes(model.Pieces[id].Text), id));
        if (wanted.Count == 0) return null;
        wanted.Sort((a, b) => a.Text.AsSpan().SequenceCompareTo(b.Text) is not 0 and var order ? order : a.Id.CompareTo(b.Id));

        List<byte> labels = [0];
        List<int> children = [], ids = [];
        var level = new List<(int From, int To)> { (0, wanted.Count) };
        for (int depth = 0; level.Count > 0; depth++)
        {
            var next = new List<(int From, int To)>();
            foreach (var (start, to) in level)
            {
                int from = start;
                while (from < to && wanted[from].Text.Length == depth) from++;
                ids.Add(from > start ? wanted[start].Id : -1);
                children.Add(labels.Count);
                for (int end; from < to; from = end)
                {
                    byte label = wanted[from].Text[depth];
                    for (end = from + 1; end < to && wanted[end].Text[depth] == label;) end++;
                    labels.Add(label);
                    next.Add((from, end));
                }
            }
            level = next;
        }
        children.Add(labels.Count);
        return new PieceTrie([.. labels], [.. children], [.. ids]);
    }

    /// <summary>Goes from a node to its child; false where there is none.</summary>
    public bool Step(ref int node, byte label)
    {
        int first = _children[node];
        int at = _labels.AsSpan(first, _children[node + 1] - first).IndexOf(label);
        node = first + at;
        return at >= 0;
    }

    /// <summary>The id of the piece that ends at a node, or -1.</summary>
    public int IdAt(int node) => _ids[node];

    /// <summary>The longest piece that a text begins with, in bytes; 0 for none.</summary>
    public int LongestPrefix(ReadOnlySpan<byte> text, out int id)
    {
        id = -1;
        int longest = 0;
        for (int at = 0, node = Root; at < text.Length && Step(ref node, text[at]);)
        {
            at++;
            if (_ids[node] < 0) continue;
            (longest, id) = (at, _ids[node]);
        }
        return longest;
    }
}
