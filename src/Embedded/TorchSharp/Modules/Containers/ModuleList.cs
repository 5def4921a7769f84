using System.Collections;
using System.Globalization;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Modules by number: their names are "0", "1", ...</summary>
public class ModuleList<T> : nn.Module, IList<T> where T : nn.Module
{
    readonly List<T> list;
    bool registered;

    public ModuleList(params T[] modules) : base(nameof(ModuleList<T>)) => list = [.. modules];

    public int Count => list.Count;

    public bool IsReadOnly => false;

    public T this[int index]
    {
        get => list[index];
        set
        {
            list[index] = value;
            Renumber();
        }
    }

    protected override void RegisterComponents()
    {
        if (registered) return;
        registered = true;
        Renumber();
    }

    void Renumber()
    {
        if (!registered) return;
        ownModules.Clear();
        for (int i = 0; i < list.Count; i++) register_module(i.ToString(CultureInfo.InvariantCulture), list[i]);
    }

    public void append(params T[] parameters)
    {
        list.AddRange(parameters);
        Renumber();
    }

    public void extend(IEnumerable<T> modules)
    {
        list.AddRange(modules);
        Renumber();
    }

    public void Add(T item)
    {
        list.Add(item);
        Renumber();
    }

    public void Insert(int index, T item)
    {
        list.Insert(index, item);
        Renumber();
    }

    public bool Remove(T item)
    {
        bool removed = list.Remove(item);
        Renumber();
        return removed;
    }

    public void RemoveAt(int index)
    {
        list.RemoveAt(index);
        Renumber();
    }

    public void Clear()
    {
        list.Clear();
        Renumber();
    }

    public bool Contains(T item) => list.Contains(item);

    public int IndexOf(T item) => list.IndexOf(item);

    public void CopyTo(T[] array, int arrayIndex) => list.CopyTo(array, arrayIndex);

    public IEnumerator<T> GetEnumerator() => list.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

}
