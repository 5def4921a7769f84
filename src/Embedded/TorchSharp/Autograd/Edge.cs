using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace TorchSharp.Autograd;

/// <summary>Where a gradient goes: to the node that made the input, or to the leaf that the input is.</summary>
internal readonly struct Edge
{
    /// <summary>The node or the leaf: graphs have many edges, and one reference is half of two.</summary>
    readonly object? target;

    public Edge(Node node) => target = node;

    public Edge(Tensor leaf) => target = leaf;

    public Node? Node => target as Node;

    public Tensor? Leaf => target is null or Autograd.Node ? null : Unsafe.As<Tensor>(target);

    public bool Exists => target is not null;

    /// <summary>The place of an input, with a reference to its node; none where it wants no gradient.</summary>
    public static Edge To(Tensor? input) => input is null || !input.requiresGrad ? default
        : input.gradNode is { } node ? new Edge(node.Retain())
        : new Edge(input.standsFor ?? input);
}
