using System.Globalization;
using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Modules in an order, called with one input; the derived class says in its forward pass how they are called.</summary>
public abstract class Sequential<T, TResult> : nn.Module<T, TResult>
{
    readonly List<(string Name, nn.Module Module)> items = [];

    protected Sequential(params (string name, nn.Module submodule)[] modules) : base("Sequential")
    {
        ArgumentNullException.ThrowIfNull(modules);
        componentsRegistered = true;
        foreach ((string name, nn.Module module) in modules) Add(name, module);
    }

    protected Sequential(params nn.Module[] modules) : base("Sequential")
    {
        ArgumentNullException.ThrowIfNull(modules);
        componentsRegistered = true;
        foreach (nn.Module module in modules) Add(module);
    }

    /// <summary>The number of modules.</summary>
    public int Count => items.Count;

    [IndexerName("SequentialItems")]
    public nn.Module this[int index] => items[index].Module;

    /// <summary>The modules from a start up to an end, not included.</summary>
    [IndexerName("SequentialItems")]
    public Sequential<T, TResult> this[(int? start, int? end) index] => Part(index.start ?? 0, index.end ?? Count);

    [IndexerName("SequentialItems")]
    public Sequential<T, TResult> this[Range index] => Part(index.Start.GetOffset(Count), index.End.GetOffset(Count));

    public Sequential<T, TResult> append(string name, nn.Module module)
    {
        Add(name, module);
        return this;
    }

    public Sequential<T, TResult> append(nn.Module module)
    {
        Add(module);
        return this;
    }

    protected internal void Add(string name, nn.Module sm)
    {
        register_module(name, sm);
        items.Add((name, sm));
    }

    protected internal void Add(nn.Module module) => Add(Count.ToString(CultureInfo.InvariantCulture), module);

    /// <summary>A container of the same kind over some of the modules.</summary>
    protected abstract Sequential<T, TResult> Slice(int start, int end);

    Sequential<T, TResult> Part(int start, int end)
    {
        if (start < 0 || start > Count) throw new IndexOutOfRangeException($"{start} is not a valid index.");
        if (end < 0 || end > Count) throw new IndexOutOfRangeException($"{end} is not a valid index.");
        return Slice(start, end);
    }
}
