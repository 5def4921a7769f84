using static TorchSharp.torch;

namespace TorchSharp.Autograd;

/// <summary>Where a gradient goes: to the node that made the input, or to the leaf that the input is.</summary>
internal readonly record struct Edge(Node? Node, Tensor? Leaf)
{
    public bool Exists => Node is not null || Leaf is not null;

    /// <summary>The place of an input, with a reference to its node; none where it wants no gradient.</summary>
    public static Edge To(Tensor? input) => input is null || !input.requiresGrad ? default
        : input.gradNode is { } node ? new Edge(node.Retain(), null)
        : new Edge(null, input.standsFor ?? input);
}
