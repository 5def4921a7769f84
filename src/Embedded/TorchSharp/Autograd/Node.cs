using static TorchSharp.torch;

namespace TorchSharp.Autograd;

/// <summary>Computes the gradients of a node's inputs from that of its output; null where an input needs none.</summary>
internal delegate Tensor?[] BackwardRule(Node node, Tensor grad);

/// <summary>
/// An operation on the tape. It holds its inputs' places in the graph, and what its rule needs, by hidden windows that
/// keep the memory although the user's tensors were disposed. Reference-counted: what a graph saved is released with
/// the last tensor that leads to it, or as soon as its backward has run.
/// </summary>
internal sealed class Node
{
    static long clock;

    readonly Edge[] edges;
    readonly BackwardRule rule;
    Tensor?[] saved;
    int[] versions;
    int references = 1;

    public Node(string name, BackwardRule rule, Tensor?[] inputs, Tensor?[] save)
    {
        Name = name;
        this.rule = rule;
        Sequence = Interlocked.Increment(ref clock);
        edges = new Edge[inputs.Length];
        for (int i = 0; i < inputs.Length; i++)
        {
            Tensor? input = inputs[i];
            if (input is null || !input.requiresGrad) continue;
            edges[i] = input.gradNode is { } node ? new Edge(node.Retain(), null) : new Edge(null, input);
        }
        saved = new Tensor?[save.Length];
        versions = new int[save.Length];
        for (int i = 0; i < save.Length; i++)
        {
            saved[i] = save[i]?.Hidden();
            versions[i] = save[i]?.buffer!.Version ?? 0;
        }
    }

    public string Name { get; }

    /// <summary>Later operations have larger numbers, so that descending order is a topological one.</summary>
    public long Sequence { get; }

    public ReadOnlySpan<Edge> Edges => edges;

    /// <summary>A tensor that asked to keep its gradient although it is not a leaf.</summary>
    public WeakReference<Tensor>? Retaining { get; set; }

    /// <summary>True when input <paramref name="i"/> leads to something that wants a gradient.</summary>
    public bool Needs(int i) => edges[i].Exists;

    /// <summary>What the forward pass saved.</summary>
    public Tensor Saved(int i)
    {
        Tensor t = saved[i] ?? throw new InvalidOperationException($"{Name} saved nothing at {i}.");
        if (t.IsInvalid)
            throw new System.Runtime.InteropServices.ExternalException("Trying to backward through the graph a second time (or directly access saved tensors after they have already been freed). Specify retain_graph=true if you need to backward through the graph a second time.");
        if (t.buffer!.Version != versions[i])
            throw new System.Runtime.InteropServices.ExternalException($"one of the variables needed for gradient computation has been modified by an inplace operation: output {i} of {Name} is at version {t.buffer.Version}; expected version {versions[i]} instead.");
        return t;
    }

    public Tensor?[] Run(Tensor grad) => rule(this, grad);

    /// <summary>True when there is something to compute with, or nothing was ever needed.</summary>
    public bool HasSaved(int i) => saved[i] is not null;

    public Node Retain()
    {
        Interlocked.Increment(ref references);
        return this;
    }

    /// <summary>Lets go of one reference; with the last one the saved tensors and the nodes behind are let go too.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref references) != 0) return;
        var pending = new Stack<Node>();
        pending.Push(this);
        while (pending.TryPop(out Node? node))
        {
            node.ReleaseSaved();
            foreach (Edge edge in node.edges)
                if (edge.Node is { } next && Interlocked.Decrement(ref next.references) == 0) pending.Push(next);
        }
    }

    public void ReleaseSaved()
    {
        foreach (Tensor? t in saved) t?.Dispose();
    }
}
