using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp.Autograd;

/// <summary>
/// One backward pass: walks the tape from the latest operation to the earliest. Gradients are added to the leaves, or,
/// for inputs that were asked for, kept apart; then only operations that lead to those are run.
/// </summary>
internal sealed class BackwardPass(bool retainGraph, bool createGraph)
{
    readonly Dictionary<Node, Tensor> pending = [];
    readonly PriorityQueue<Node, long> order = new();
    Tensor[]? inputs;
    Tensor?[] captured = [];
    HashSet<Node>? leading;

    /// <summary>What <see cref="Only"/> asked for, in that order; null where an input was not reached.</summary>
    public Tensor?[] Captured => captured;

    /// <summary>Keeps the gradients of these tensors and computes no others.</summary>
    public void Only(IList<Tensor> tensors)
    {
        inputs = [.. tensors];
        captured = new Tensor?[inputs.Length];
    }

    public void Run(IList<Tensor> roots, IList<Tensor?>? seeds)
    {
        using IDisposable mode = new GradModeScope(createGraph);
        using DisposeScope outer = NewDisposeScope();
        if (seeds is not null && seeds.Count != roots.Count)
            throw new ExternalException($"got {roots.Count} tensors and {seeds.Count} gradients");
        if (inputs is not null) leading = Reachable.Leading(roots, inputs);
        for (int i = 0; i < roots.Count; i++) Start(roots[i], seeds?[i], i);
        using DisposeScope step = NewDisposeScope();
        while (order.TryDequeue(out Node? node, out _))
        {
            pending.Remove(node, out Tensor? grad);
            Capture(node, null, grad!);
            if (node.Retaining is { } weak && weak.TryGetTarget(out Tensor? keeper) && !keeper.IsInvalid && inputs is null) Accumulate(keeper, grad!.Twin());
            bool run = leading is null || leading.Contains(node);
            if (run) Step(node, grad!, step);
            Free(grad!);
            if (run && !retainGraph) node.ReleaseSaved();
        }
    }

    void Start(Tensor root, Tensor? seed, int i)
    {
        if (!root.requiresGrad)
            throw new ExternalException($"element {i} of tensors does not require grad and does not have a grad_fn");
        if (seed is null && root.Count != 1) throw new ExternalException("grad can be implicitly created only for scalar outputs");
        if (seed is not null && !seed.sizes.AsSpan().SequenceEqual(root.sizes))
            throw new ExternalException($"Mismatch in shape: grad_output[{i}] has a shape of [{Shapes.Text(seed.sizes)}] and output[{i}] has a shape of [{Shapes.Text(root.sizes)}].");
        Tensor first = seed?.Twin() ?? torch.ones_like(root).DetachFromDisposeScope();
        Deliver(root.GraphPlace, first);
    }

    /// <summary>Runs one node's rule; what it made on the way lives in <paramref name="scope"/>, which is empty before and after.</summary>
    void Step(Node node, Tensor grad, DisposeScope scope)
    {
        Tensor?[] grads = node.Run(grad);
        for (int i = 0; i < grads.Length; i++)
        {
            if (grads[i] is not { } g || !node.Needs(i)) continue;
            if (AnomalyMode.ShouldCheckNaN && AnomalyMode.IsEnabled && g.isnan().any().item<bool>())
                throw new ExternalException($"Function '{node.Name}0' returned nan values in its {i}th output.");
            if (createGraph) g = Guard(node, grad, g);
            Tensor own = g.OwningDisposeScope == scope && !node.IsForeign && !Again(grads, g, i + 1) ? g.DetachFromDisposeScope() : g.Twin();
            Deliver(node.Edges[i], own);
        }
        scope.DisposeEverything();
    }

    /// <summary>
    /// Rules that compute on raw memory give gradients that can't be differentiated again: whoever tries is told so, instead
    /// of getting a wrong number.
    /// </summary>
    static Tensor Guard(Node node, Tensor grad, Tensor result)
    {
        bool depends = grad.requiresGrad || node.ReadGraph || node.ReadOther;
        if (!depends || result.isConstant || (result.requiresGrad && !node.ReadOther)) return result;
        Tensor marked = result.Window(result.offset, result.sizes, result.strides);
        marked.SetPlace(new Node($"{node.Name}Backward", (_, _) => throw new ExternalException($"derivative for {node.Name} is not implemented"), [], [], marked) { Refuses = true });
        return marked;
    }

    /// <summary>Whether the very tensor comes again in the list (its Equals would compare elements).</summary>
    static bool Again(Tensor?[] grads, Tensor grad, int from)
    {
        for (int i = from; i < grads.Length; i++)
            if (ReferenceEquals(grads[i], grad)) return true;
        return false;
    }

    /// <summary>Hands a gradient, whose window this call owns, to its place.</summary>
    void Deliver(Edge edge, Tensor grad)
    {
        if (edge.Leaf is { } leaf)
        {
            if (inputs is null) Accumulate(leaf, grad);
            else
            {
                Capture(null, leaf, grad);
                Free(grad);
            }
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

    void Capture(Node? node, Tensor? leaf, Tensor grad)
    {
        for (int i = 0; i < captured.Length; i++)
        {
            Tensor input = inputs![i];
            bool mine = node is not null ? ReferenceEquals(input.gradNode, node) : input.gradNode is null && ReferenceEquals(input.standsFor ?? input, leaf);
            if (mine) captured[i] = captured[i] is { } held ? Sum(held, grad.Twin()) : grad.Twin();
        }
    }

    Tensor Sum(Tensor sum, Tensor grad)
    {
        if (!createGraph && sum.buffer!.IsExclusive && sum.is_contiguous() && sum.type == grad.type)
        {
            sum.add_(grad);
            Free(grad);
            return sum;
        }
        Tensor result = sum.add(grad).DetachFromDisposeScope();
        sum.Dispose();
        grad.Dispose();
        return result;
    }

    /// <summary>Ends a gradient of this pass's own; where gradients are recorded, graphs may still refer to it.</summary>
    void Free(Tensor grad)
    {
        if (createGraph) grad.Dispose();
        else grad.Recycle();
    }

    /// <summary>Adds a gradient, whose window this call owns, to what a tensor holds.</summary>
    public void Accumulate(Tensor leaf, Tensor grad)
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
        if (leaf.gradient is null)
        {
            bool own = grad.requiresGrad || (grad.is_contiguous() && grad.buffer!.IsExclusive);
            leaf.gradient = own ? grad : grad.contiguousCopy().DetachFromDisposeScope();
            leaf.gradient.isPrivate = !createGraph;
            if (!own) Free(grad);
            return;
        }
        if (createGraph && (grad.requiresGrad || leaf.gradient.requiresGrad))
        {
            leaf.gradient = Sum(leaf.gradient, grad);
            return;
        }
        using (no_grad()) leaf.gradient.add_(grad);
        Free(grad);
    }
}
