using System.Collections;
using System.Diagnostics.CodeAnalysis;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Parameters by name.</summary>
public class ParameterDict : nn.Module, IDictionary<string, Parameter>, IList<(string, Parameter)>
{
    readonly List<(string Key, Parameter Value)> list = [];

    public ParameterDict() : base(nameof(ParameterDict))
    {
    }

    public int Count => list.Count;

    public bool IsReadOnly => false;

    public ICollection<string> Keys => [.. list.Select(i => i.Key)];

    public ICollection<Parameter> Values => [.. list.Select(i => i.Value)];

    public Parameter this[string key]
    {
        get => TryGetValue(key, out Parameter? value) ? value : throw new KeyNotFoundException($"The given key '{key}' was not present in the dictionary.");
        set
        {
            int at = Find(key);
            if (at < 0) list.Add((key, value));
            else list[at] = (key, value);
            Sync();
        }
    }

    public (string, Parameter) this[int index]
    {
        get => list[index];
        set
        {
            list[index] = value;
            Sync();
        }
    }

    /// <summary>The parts are registered as they come.</summary>
    protected override void RegisterComponents() => componentsRegistered = true;

    int Find(string key) => list.FindIndex(i => i.Key == key);

    void Sync()
    {
        ownParameters.Clear();
        foreach ((string name, Parameter parameter) in list) Put(name, parameter);
    }

    public void Add(string key, Parameter value) => Insert(Count, (key, value));

    public void Add((string, Parameter) item) => Insert(Count, item);

    public void Add(KeyValuePair<string, Parameter> item) => Insert(Count, (item.Key, item.Value));

    public void Insert(int index, (string, Parameter) item)
    {
        if (Find(item.Item1) >= 0) throw new ArgumentException($"An item with the same key has already been added. Key: {item.Item1}");
        list.Insert(index, item);
        Sync();
    }

    public bool Remove(string key)
    {
        int at = Find(key);
        if (at >= 0) RemoveAt(at);
        return at >= 0;
    }

    public bool Remove((string, Parameter) item) => Contains(item) && Remove(item.Item1);

    public bool Remove(KeyValuePair<string, Parameter> item) => Remove((item.Key, item.Value));

    public void RemoveAt(int index)
    {
        if (index >= Count) throw new IndexOutOfRangeException();
        list.RemoveAt(index);
        Sync();
    }

    public void Clear()
    {
        list.Clear();
        Sync();
    }

    public void clear() => Clear();

    public bool Contains((string, Parameter) item) => IndexOf(item) >= 0;

    public bool Contains(KeyValuePair<string, Parameter> item) => Contains((item.Key, item.Value));

    public bool ContainsKey(string key) => Find(key) >= 0;

    public int IndexOf((string, Parameter) item) => list.FindIndex(i => i.Key == item.Item1 && ReferenceEquals(i.Value, item.Item2));

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out Parameter value)
    {
        int at = Find(key);
        value = at >= 0 ? list[at].Value : default;
        return at >= 0;
    }

    public void CopyTo((string, Parameter)[] array, int arrayIndex) => list.CopyTo(array, arrayIndex);

    public void CopyTo(KeyValuePair<string, Parameter>[] array, int arrayIndex)
    {
        ArgumentNullException.ThrowIfNull(array);
        foreach ((string key, Parameter value) in list) array[arrayIndex++] = new KeyValuePair<string, Parameter>(key, value);
    }

    public IEnumerator<(string, Parameter)> items() => GetEnumerator();

    public IEnumerable<string> keys() => Keys;

    public IEnumerable<Parameter> values() => Values;

    public IEnumerator<(string, Parameter)> GetEnumerator() => list.GetEnumerator();

    IEnumerator<KeyValuePair<string, Parameter>> IEnumerable<KeyValuePair<string, Parameter>>.GetEnumerator() =>
        list.Select(i => new KeyValuePair<string, Parameter>(i.Key, i.Value)).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
