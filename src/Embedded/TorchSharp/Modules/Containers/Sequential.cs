using System.Globalization;
using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Modules one behind the other.</summary>
public class Sequential : nn.Module<Tensor, Tensor>
{
    readonly List<(string Name, nn.IModule<Tensor, Tensor> Module)> steps = [];

    protected internal Sequential(params (string name, nn.Module<Tensor, Tensor> submodule)[] modules) : this((IEnumerable<(string, nn.Module<Tensor, Tensor>)>)modules)
    {
    }

    protected internal Sequential(params nn.Module<Tensor, Tensor>[] modules) : this(modules.Select((m, i) => (i.ToString(CultureInfo.InvariantCulture), m)))
    {
    }

    internal Sequential(IEnumerable<(string name, nn.Module<Tensor, Tensor> module)> modules) : base(nameof(Sequential))
    {
        componentsRegistered = true;
        foreach ((string name, nn.Module<Tensor, Tensor> module) in modules) append(name, module);
    }

    /// <summary>The number of modules.</summary>
    public int Count => steps.Count;

    [IndexerName("SequentialItems")]
    public nn.IModule<Tensor, Tensor> this[int index] => steps[index].Module;

    /// <summary>The modules from a start up to an end, not included; they are shared.</summary>
    [IndexerName("SequentialItems")]
    public Sequential this[(int? start, int? end) index] => Part(index.start ?? 0, index.end ?? Count);

    [IndexerName("SequentialItems")]
    public Sequential this[Range index] => Part(index.Start.GetOffset(Count), index.End.GetOffset(Count));

    public Sequential append(string name, nn.IModule<Tensor, Tensor> module)
    {
        register_module(name, (nn.Module)module);
        steps.Add((name, module));
        return this;
    }

    public Sequential append(nn.IModule<Tensor, Tensor> module) => append(steps.Count.ToString(CultureInfo.InvariantCulture), module);

    public override Tensor forward(Tensor tensor)
    {
        if (steps.Count == 0) return tensor.alias();
        using DisposeScope scope = NewDisposeScope();
        Tensor current = tensor;
        foreach ((_, nn.IModule<Tensor, Tensor> step) in steps) current = step.call(current);
        return ReferenceEquals(current, tensor) ? tensor.alias().MoveToOuterDisposeScope() : current.MoveToOuterDisposeScope();
    }

    Sequential Part(int start, int end)
    {
        if (start < 0 || start > Count) throw new IndexOutOfRangeException($"{start} is not a valid index.");
        if (end < 0 || end > Count) throw new IndexOutOfRangeException($"{end} is not a valid index.");
        var part = new Sequential(Array.Empty<(string, nn.Module<Tensor, Tensor>)>());
        foreach ((string name, nn.IModule<Tensor, Tensor> module) in steps.Skip(start).Take(end - start)) part.append(name, module);
        return part;
    }
}
