using System.Globalization;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Modules one behind the other.</summary>
public class Sequential : nn.Module<Tensor, Tensor>
{
    readonly List<nn.IModule<Tensor, Tensor>> steps = [];

    internal Sequential(IEnumerable<(string name, nn.Module<Tensor, Tensor> module)> modules) : base(nameof(Sequential))
    {
        componentsRegistered = true;
        foreach ((string name, nn.Module<Tensor, Tensor> module) in modules) append(name, module);
    }

    /// <summary>The number of modules.</summary>
    public int Count => steps.Count;

    public Sequential append(string name, nn.IModule<Tensor, Tensor> module)
    {
        register_module(name, (nn.Module)module);
        steps.Add(module);
        return this;
    }

    public Sequential append(nn.IModule<Tensor, Tensor> module) => append(steps.Count.ToString(CultureInfo.InvariantCulture), module);

    public override Tensor forward(Tensor tensor)
    {
        if (steps.Count == 0) return tensor.alias();
        using DisposeScope scope = NewDisposeScope();
        Tensor current = tensor;
        foreach (nn.IModule<Tensor, Tensor> step in steps) current = step.call(current);
        return ReferenceEquals(current, tensor) ? tensor.alias().MoveToOuterDisposeScope() : current.MoveToOuterDisposeScope();
    }
}
