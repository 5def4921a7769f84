using DiffusionBatch.Diffusion.Runtime;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Models;

/// <summary>
/// A module whose parameters are declared by their dotted names, those of the file format, and laid out as the tree of
/// modules that the names spell. The memory is not initialised: it is loaded or drawn afterwards.
/// </summary>
public abstract class NamedParameterModule : nn.Module
{
    readonly Dictionary<string, Parameter> _named = new(StringComparer.Ordinal);

    /// <summary>Declares the parameters.</summary>
    /// <param name="name">The module's name.</param>
    /// <param name="layout">Names and shapes, in the order of <c>named_parameters()</c>' leaves.</param>
    /// <param name="device">Where the parameters live; the CPU when null.</param>
    protected NamedParameterModule(string name, IEnumerable<ParameterShape> layout, Device? device)
        : base(name)
    {
        ArgumentNullException.ThrowIfNull(layout);
        TorchRuntime.Require();
        Device = device ?? CPU;
        var branches = new Dictionary<string, nn.Module>(StringComparer.Ordinal) { [""] = this };
        foreach (var (path, shape) in layout)
        {
            var parameter = new Parameter(empty(shape, dtype: float32, device: Device));
            int dot = path.LastIndexOf('.');
            Branch(branches, dot < 0 ? "" : path[..dot]).register_parameter(path[(dot + 1)..], parameter);
            _named.Add(path, parameter);
        }
    }

    /// <summary>Where the parameters live.</summary>
    public Device Device { get; }

    /// <summary>The parameters by their dotted names.</summary>
    public IReadOnlyDictionary<string, Parameter> Named => _named;

    static nn.Module Branch(Dictionary<string, nn.Module> branches, string path)
    {
        if (branches.TryGetValue(path, out var found)) return found;
        int dot = path.LastIndexOf('.');
        string name = path[(dot + 1)..];
        var branch = new ModuleBranch(name);
        Branch(branches, dot < 0 ? "" : path[..dot]).register_module(name, branch);
        branches.Add(path, branch);
        return branch;
    }

    /// <summary>An inner node of the tree: it has parameters and branches and computes nothing.</summary>
    sealed class ModuleBranch(string name) : nn.Module(name);
}
