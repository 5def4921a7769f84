using TorchSharp;

namespace DiffusionBatch.Bench.Peer;

/// <summary>Modules under a common name: it gives their parameters the names of the files.</summary>
internal sealed class Group : torch.nn.Module
{
    /// <summary>Registers the members by name.</summary>
    internal Group(params ReadOnlySpan<(string Name, torch.nn.Module Module)> members)
        : base("group")
    {
        foreach (var (name, module) in members)
            register_module(name, module);
    }
}
