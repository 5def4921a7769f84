using System.Collections;
using System.Diagnostics.CodeAnalysis;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Modules by name.</summary>
public class ModuleDict<T> : nn.Module, IDictionary<string, T>, IList<(string, T)> where T : nn.Module
{
    readonly List<(string Key, T Value)> list = [];

    public ModuleDict() : base(nameof(ModuleDict<T>))
    {
    }

    public int Count => list.Count;

    public bool IsReadOnly => false;

    public ICollection<string> Keys => [.. list.Select(i => i.Key)];

    public ICollection<T> Values => [.. list.Select(i => i.Value)];

    public T this[string key]
    {
        get => TryGetValue(key, out T? value) ? value : throw new KeyNotFoundException($"The given key '{key}' was not present in the dictionary.");
        set
        {
            int at = Find(key);
            if (at < 0) list.Add((key, value));
            else list[at] = (key, value);
            Sync();
        }
    }

    public (string, T) this[int index]
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
        ownModules.Clear();
        foreach ((string name, T module) in list) register_module(name, module);
    }

    public void Add(string key, T value) => Insert(Count, (key, value));

    public void Add((string, T) item) => Insert(Count, item);

    public void Add(KeyValuePair<string, T> item) => Insert(Count, (item.Key, item.Value));

    public void Insert(int index, (string, T) item)
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

    public bool Remove((string, T) item) => Contains(item) && Remove(item.Item1);

    public bool Remove(KeyValuePair<string, T> item) => Remove((item.Key, item.Value));

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

    public bool Contains((string, T) item) => IndexOf(item) >= 0;

    public bool Contains(KeyValuePair<string, T> item) => Contains((item.Key, item.Value));

    public bool ContainsKey(string key) => Find(key) >= 0;

    public int IndexOf((string, T) item) => list.FindIndex(i => i.Key == item.Item1 && ReferenceEquals(i.Value, item.Item2));

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out T value)
    {
        int at = Find(key);
        value = at >= 0 ? list[at].Value : default;
        return at >= 0;
    }

    public void CopyTo((string, T)[] array, int arrayIndex) => list.CopyTo(array, arrayIndex);

    public void CopyTo(KeyValuePair<string, T>[] array, int arrayIndex)
    {
        ArgumentNullException.ThrowIfNull(array);
        foreach ((string key, T value) in list) array[arrayIndex++] = new KeyValuePair<string, T>(key, value);
    }

    public IEnumerator<(string, T)> items() => GetEnumerator();

    public IEnumerable<string> keys() => Keys;

    public IEnumerable<T> values() => Values;

    public IEnumerator<(string, T)> GetEnumerator() => list.GetEnumerator();

    IEnumerator<KeyValuePair<string, T>> IEnumerable<KeyValuePair<string, T>>.GetEnumerator() =>
        list.Select(i => new KeyValuePair<string, T>(i.Key, i.Value)).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
