using System.Collections;
using System.Diagnostics.CodeAnalysis;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Modules by name.</summary>
public class ModuleDict<T> : nn.Module, IDictionary<string, T>, IList<(string, T)> where T : nn.Module
{
    readonly NamedItems<T> list;

    public ModuleDict() : base(nameof(ModuleDict<T>)) => list = new NamedItems<T>(Sync);

    public int Count => list.Count;

    public bool IsReadOnly => false;

    public ICollection<string> Keys => [.. list.Keys];

    public ICollection<T> Values => [.. list.Values];

    public T this[string key]
    {
        get => list.Get(key);
        set => list.Set(key, value);
    }

    public (string, T) this[int index]
    {
        get => list.Get(index);
        set => list.Set(index, value);
    }

    /// <summary>The parts are registered as they come.</summary>
    protected override void RegisterComponents() => componentsRegistered = true;

    void Sync()
    {
        ownModules.Clear();
        foreach ((string name, T module) in list) register_module(name, module);
    }

    public void Add(string key, T value) => Insert(Count, (key, value));

    public void Add((string, T) item) => Insert(Count, item);

    public void Add(KeyValuePair<string, T> item) => Insert(Count, (item.Key, item.Value));

    public void Insert(int index, (string, T) item) => list.Insert(index, item);

    public bool Remove(string key) => list.Remove(key);

    public bool Remove((string, T) item) => list.Remove(item);

    public bool Remove(KeyValuePair<string, T> item) => list.Remove((item.Key, item.Value));

    public void RemoveAt(int index) => list.RemoveAt(index);

    public void Clear() => list.Clear();

    public void clear() => list.Clear();

    public bool Contains((string, T) item) => list.IndexOf(item) >= 0;

    public bool Contains(KeyValuePair<string, T> item) => list.IndexOf((item.Key, item.Value)) >= 0;

    public bool ContainsKey(string key) => list.Find(key) >= 0;

    public int IndexOf((string, T) item) => list.IndexOf(item);

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out T value) => list.TryGet(key, out value);

    public void CopyTo((string, T)[] array, int arrayIndex) => list.CopyTo(array, arrayIndex);

    public void CopyTo(KeyValuePair<string, T>[] array, int arrayIndex) => list.CopyTo(array, arrayIndex);

    public IEnumerator<(string, T)> items() => GetEnumerator();

    public IEnumerable<string> keys() => Keys;

    public IEnumerable<T> values() => Values;

    public IEnumerator<(string, T)> GetEnumerator() => list.GetEnumerator();

    IEnumerator<KeyValuePair<string, T>> IEnumerable<KeyValuePair<string, T>>.GetEnumerator() => list.Pairs.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
