using static TorchSharp.torch;

namespace TorchSharp.Autograd;

/// <summary>Which operations lie between outputs and inputs.</summary>
internal static class Reachable
{
    /// <summary>The nodes behind <paramref name="roots"/> through which a gradient reaches one of <paramref name="inputs"/>.</summary>
    public static HashSet<Node> Leading(IList<Tensor> roots, IList<Tensor> inputs)
    {
        var targets = new HashSet<Node>();
        var leaves = new HashSet<Tensor>(ReferenceEqualityComparer.Instance);
        foreach (Tensor input in inputs)
        {
            if (input.gradNode is { } node) targets.Add(node);
            else leaves.Add(input.standsFor ?? input);
        }
        var leading = new HashSet<Node>();
        foreach (Node node in Behind(roots))
        {
            if (node.Refuses) leading.Add(node);
            foreach (Edge edge in node.Edges)
                if (edge.Node is { } next ? targets.Contains(next) || leading.Contains(next) : edge.Leaf is { } leaf && leaves.Contains(leaf)) leading.Add(node);
        }

        return leading;
    }

    /// <summary>All nodes behind the roots, earliest first, so that what a node needs comes before it.</summary>
    static List<Node> Behind(IList<Tensor> roots)
    {
        var seen = new HashSet<Node>();
        var pending = new Stack<Node>();
        foreach (Tensor root in roots)
            if (root.gradNode is { } node && seen.Add(node)) pending.Push(node);
        while (pending.TryPop(out Node? node))
            foreach (Edge edge in node.Edges)
                if (edge.Node is { } next && seen.Add(next)) pending.Push(next);
        List<Node> all = [.. seen];
        all.Sort((a, b) => a.Sequence.CompareTo(b.Sequence));
        return all;
    }
}
