using System.Runtime.InteropServices;
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
    /// <summary>What a saved tensor is: the output, something else, or the input of that number.</summary>
    const int Output = -1, Other = -2;

    static long clock;

    [ThreadStatic]
    static Stack<Node>? releasing;

    readonly Edge[] edges;
    readonly BackwardRule rule;
    readonly SavedWindow[] saved;
    Edge[]? others;
    int references = 1;


    /// <param name="name">PyTorch's name of the node, without the number at its end.</param>
    /// <param name="rule">Its derivative.</param>
    /// <param name="inputs">What it was computed from.</param>
    /// <param name="save">What the rule reads.</param>
    /// <param name="output">The tensor that takes this place.</param>
    /// <param name="state">What else the rule reads: a rule that captures nothing is one object for all its nodes.</param>
    public Node(string name, BackwardRule rule, ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<Tensor?> save, Tensor output, object? state = null)
    {
        (Name, State) = (name, state);
        this.rule = rule;
        Sequence = Interlocked.Increment(ref clock);
        edges = new Edge[inputs.Length];
        for (int i = 0; i < inputs.Length; i++) edges[i] = Edge.To(inputs[i]);
        saved = save.Length == 0 ? [] : new SavedWindow[save.Length];
        for (int i = 0; i < save.Length; i++)
        {
            if (save[i] is not { } t) continue;
            t.Check();
            if (t.buffer!.IsInference && !GradMode.Inference)
                throw new ExternalException("Inference tensors cannot be saved for backward. To work around you can make a clone to get a normal tensor and use it in autograd.");
            int source = ReferenceEquals(t, output) ? Output : Other;
            for (int k = 0; k < inputs.Length && source == Other; k++)
                if (ReferenceEquals(inputs[k], t)) source = k;
            saved[i] = new SavedWindow(t, source, source == Other && t.isConstant);
            if (source == Other && t.requiresGrad) (others ??= new Edge[save.Length])[i] = Edge.To(t);
        }
    }

    public string Name { get; }

    /// <summary>What the operation gave its rule beside tensors.</summary>
    public object? State { get; }

    /// <summary>Later operations have larger numbers, so that descending order is a topological one.</summary>
    public long Sequence { get; }

    public ReadOnlySpan<Edge> Edges => edges;

    /// <summary>A tensor that asked to keep its gradient although it is not a leaf.</summary>
    public WeakReference<Tensor>? Retaining { get; set; }

    /// <summary>True for a gradient that has no derivative of its own: passes that reach it end in an error.</summary>
    public bool Refuses { get; init; }

    /// <summary>True for a rule of the user's, who may keep what it is given and what it gives.</summary>
    public bool IsForeign { get; set; }

    /// <summary>While gradients are recorded: whether the rule read something that it has no derivative for, or that has one.</summary>
    public bool ReadOther { get; private set; }

    /// <inheritdoc cref="ReadOther"/>
    public bool ReadGraph { get; private set; }

    /// <summary>True when input <paramref name="i"/> leads to something that wants a gradient.</summary>
    public bool Needs(int i) => edges[i].Exists;

    /// <summary>Replaces where the gradient of input <paramref name="i"/> goes.</summary>
    public void Redirect(int i, Tensor input)
    {
        edges[i].Node?.Release();
        edges[i] = Edge.To(input);
    }

    /// <summary>What the forward pass saved; while gradients are recorded themselves, at its place in the graph.</summary>
    public Tensor Saved(int i)
    {
        ref SavedWindow window = ref saved[i];
        if (!window.Exists) throw new InvalidOperationException($"{Name} saved nothing at {i}.");
        if (window.IsReleased)
            throw new ExternalException("Trying to backward through the graph a second time (or directly access saved tensors after they have already been freed). Saved intermediate values of the graph are freed when you call .backward() or autograd.grad(). Specify retain_graph=True if you need to backward through the graph a second time or if you need to access saved tensors after calling backward.");
        Tensor t = window.Open(GradMode.Enabled || IsForeign);
        int source = window.Source, version = window.Version;
        if (t.buffer!.Version != version)
            throw new ExternalException($"one of the variables needed for gradient computation has been modified by an inplace operation: [torch.{Names.Of(t.type)}Tensor [{Shapes.Text(t.sizes)}]], which is output 0 of {(source >= 0 ? edges[source].Node?.Name ?? Name : Name)}0, is at version {t.buffer.Version}; expected version {version} instead. Hint: enable anomaly detection to find the operation that failed to compute its gradient, with torch.autograd.set_detect_anomaly(True).");
        if (!GradMode.Enabled || !Dtypes.IsFloating(t.type)) return t;
        if (source == Other)
        {
            if (t.isConstant) return t;
            Edge own = others is null ? default : others[i];
            if (own.Exists) ReadGraph = true;
            else ReadOther = true;
            return own.Exists ? t.At(own) : t;
        }

        if (source == Output)
        {
            ReadGraph = true;
            return t.At(new Edge(this));
        }
        if (!edges[source].Exists) return t;
        ReadGraph = true;
        return t.At(edges[source]);
    }

    /// <summary>Runs the rule.</summary>
    public Tensor?[] Run(Tensor grad)
    {
        ReadOther = ReadGraph = false;
        return rule(this, grad);
    }

    /// <summary>True when there is something to compute with, or nothing was ever needed.</summary>
    public bool HasSaved(int i) => saved[i].Exists;

    public Node Retain()
    {
        Interlocked.Increment(ref references);
        return this;
    }

    /// <summary>Lets go of one reference; with the last one the saved tensors and the nodes behind are let go too.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref references) != 0) return;
        // Disposing what a node saved releases no other node, so that one stack a thread is enough.
        Stack<Node> pending = releasing ??= new Stack<Node>();
        pending.Push(this);
        while (pending.TryPop(out Node? node))
        {
            node.ReleaseSaved();
            foreach (Edge edge in node.edges)
                if (edge.Node is { } next && Interlocked.Decrement(ref next.references) == 0) pending.Push(next);
            if (node.others is null) continue;
            foreach (Edge edge in node.others)
                if (edge.Node is { } next && Interlocked.Decrement(ref next.references) == 0) pending.Push(next);
        }
    }

    public void ReleaseSaved()
    {
        for (int i = 0; i < saved.Length; i++) saved[i].Release();
    }
}
