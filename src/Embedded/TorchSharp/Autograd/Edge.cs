using static TorchSharp.torch;

namespace TorchSharp.Autograd;

/// <summary>Where a gradient goes: to the node that made the input, or to the leaf that the input is.</summary>
internal readonly record struct Edge(Node? Node, Tensor? Leaf)
{
    public bool Exists => Node is not null || Leaf is not null;
}
