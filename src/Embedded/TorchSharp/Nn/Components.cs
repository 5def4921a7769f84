namespace TorchSharp.Core;

/// <summary>Values by name in the order of their registration.</summary>
internal sealed class Components<T>
{
    readonly List<string> order = [];
    readonly Dictionary<string, T> values = [];

    public int Count => order.Count;

    /// <summary>The component at a place in the order of registration.</summary>
    public T this[int place] => values[order[place]];

    public IEnumerable<(string Name, T Value)> Items
    {
        get
        {
            foreach (string name in order) yield return (name, values[name]);
        }
    }

    public bool TryAdd(string name, T value)
    {
        if (!values.TryAdd(name, value)) return false;
        order.Add(name);
        return true;
    }

    public void Set(string name, T value)
    {
        if (!values.ContainsKey(name)) order.Add(name);
        values[name] = value;
    }

    public void Remove(string name)
    {
        if (values.Remove(name)) order.Remove(name);
    }

    public bool TryGet(string name, out T? value) => values.TryGetValue(name, out value);

    public void Clear()
    {
        order.Clear();
        values.Clear();
    }
}
