using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp.Autograd;

/// <summary>The backward pass: walks the tape from the latest operation to the earliest and adds up gradients.</summary>
internal static class Engine
{
    public static void Backward(IList<Tensor> roots, IList<Tensor>? seeds, bool retainGraph, Dictionary<Tensor, Tensor>? collect = null)
    {
        var pending = new Dictionary<Node, Tensor>();
        var order = new PriorityQueue<Node, long>();
        using IDisposable mode = new GradModeScope(false);
        using DisposeScope outer = NewDisposeScope();
        for (int i = 0; i < roots.Count; i++)
        {
            Tensor root = roots[i];
            if (!root.requiresGrad)
                throw new ExternalException("element 0 of tensors does not require grad and does not have a grad_fn");
            Tensor? seed = seeds is not null && i < seeds.Count ? seeds[i] : null;
            if (seed is null && root.Count != 1) throw new ExternalException("grad can be implicitly created only for scalar outputs");
            if (seed is not null && !seed.sizes.AsSpan().SequenceEqual(root.sizes))
                throw new ExternalException($"Mismatch in shape: grad_output has a shape of [{Shapes.Text(seed.sizes)}] and output has a shape of [{Shapes.Text(root.sizes)}].");
            Tensor first = seed?.Hidden() ?? ones_like(root).DetachFromDisposeScope();
            Deliver(root.gradNode is { } node ? new Edge(node, null) : new Edge(null, root), first, pending, order, collect);
        }
        while (order.TryDequeue(out Node? node, out _))
        {
            pending.Remove(node, out Tensor? grad);
            if (node.Retaining is { } weak && weak.TryGetTarget(out Tensor? keeper) && !keeper.IsInvalid) Accumulate(keeper, grad!.Hidden(), collect);
            using (DisposeScope scope = NewDisposeScope())
            {
                Tensor?[] grads = node.Run(grad!);
                for (int i = 0; i < grads.Length; i++)
                {
                    if (grads[i] is not { } g || !node.Needs(i)) continue;
                    Tensor own = g.OwningDisposeScope == scope && !Again(grads, g, i + 1) ? g.DetachFromDisposeScope() : g.Hidden();
                    Deliver(node.Edges[i], own, pending, order, collect);
                }
            }
            grad!.Dispose();
            if (!retainGraph) node.ReleaseSaved();
        }
    }

    /// <summary>Whether the very tensor comes again in the list (its Equals would compare elements).</summary>
    static bool Again(Tensor?[] grads, Tensor grad, int from)
    {
        for (int i = from; i < grads.Length; i++)
            if (ReferenceEquals(grads[i], grad)) return true;
        return false;
    }

    /// <summary>Hands a gradient, whose window this call owns, to its place.</summary>
    static void Deliver(Edge edge, Tensor grad, Dictionary<Node, Tensor> pending, PriorityQueue<Node, long> order, Dictionary<Tensor, Tensor>? collect)
    {
        if (edge.Leaf is { } leaf)
        {
            Accumulate(leaf, grad, collect);
            return;
        }
        Node node = edge.Node!;
        if (pending.TryGetValue(node, out Tensor? sum)) pending[node] = Sum(sum, grad);
        else
        {
            pending[node] = grad;
            order.Enqueue(node, -node.Sequence);
        }
    }

    static Tensor Sum(Tensor sum, Tensor grad)
    {
        if (sum.buffer!.IsExclusive && sum.is_contiguous() && sum.type == grad.type)
        {
            sum.add_(grad);
            grad.Dispose();
            return sum;
        }
        Tensor result = sum.add(grad).DetachFromDisposeScope();
        sum.Dispose();
        grad.Dispose();
        return result;
    }

    static void Accumulate(Tensor leaf, Tensor grad, Dictionary<Tensor, Tensor>? collect)
    {
        if (leaf.IsInvalid)
        {
            grad.Dispose();
            return;
        }
        if (grad.type != leaf.type)
        {
            Tensor converted = grad.to_type(leaf.type).DetachFromDisposeScope();
            grad.Dispose();
            grad = converted;
        }
        if (collect is not null)
        {
            if (!collect.TryGetValue(leaf, out Tensor? held)) collect[leaf] = grad;
            else collect[leaf] = Sum(held, grad);
            return;
        }
        if (leaf.gradient is null)
        {
            leaf.gradient = grad.is_contiguous() && grad.buffer!.IsExclusive ? grad : grad.contiguousCopy().DetachFromDisposeScope();
            if (!ReferenceEquals(leaf.gradient, grad)) grad.Dispose();
            return;
        }
        leaf.gradient.add_(grad);
        grad.Dispose();
    }
}
