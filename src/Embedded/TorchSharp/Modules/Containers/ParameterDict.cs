using System.Collections;
using System.Diagnostics.CodeAnalysis;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Parameters by name.</summary>
public class ParameterDict : nn.Module, IDictionary<string, Parameter>, IList<(string, Parameter)>
{
    readonly NamedItems<Parameter> list;

    public ParameterDict() : base(nameof(ParameterDict)) => list = new NamedItems<Parameter>(Sync);

    public int Count => list.Count;

    public bool IsReadOnly => false;

    public ICollection<string> Keys => [.. list.Keys];

    public ICollection<Parameter> Values => [.. list.Values];

    public Parameter this[string key]
    {
        get => list.Get(key);
        set => list.Set(key, value);
    }

    public (string, Parameter) this[int index]
    {
        get => list.Get(index);
        set => list.Set(index, value);
    }

    /// <summary>The parts are registered as they come.</summary>
    protected override void RegisterComponents() => componentsRegistered = true;

    void Sync()
    {
        ownParameters.Clear();
        foreach ((string name, Parameter parameter) in list) Put(name, parameter);
    }

    public void Add(string key, Parameter value) => Insert(Count, (key, value));

    public void Add((string, Parameter) item) => Insert(Count, item);

    public void Add(KeyValuePair<string, Parameter> item) => Insert(Count, (item.Key, item.Value));

    public void Insert(int index, (string, Parameter) item) => list.Insert(index, item);

    public bool Remove(string key) => list.Remove(key);

    public bool Remove((string, Parameter) item) => list.Remove(item);

    public bool Remove(KeyValuePair<string, Parameter> item) => list.Remove((item.Key, item.Value));

    public void RemoveAt(int index) => list.RemoveAt(index);

    public void Clear() => list.Clear();

    public void clear() => list.Clear();

    public bool Contains((string, Parameter) item) => list.IndexOf(item) >= 0;

    public bool Contains(KeyValuePair<string, Parameter> item) => list.IndexOf((item.Key, item.Value)) >= 0;

    public bool ContainsKey(string key) => list.Find(key) >= 0;

    public int IndexOf((string, Parameter) item) => list.IndexOf(item);

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out Parameter value) => list.TryGet(key, out value);

    public void CopyTo((string, Parameter)[] array, int arrayIndex) => list.CopyTo(array, arrayIndex);

    public void CopyTo(KeyValuePair<string, Parameter>[] array, int arrayIndex) => list.CopyTo(array, arrayIndex);

    public IEnumerator<(string, Parameter)> items() => GetEnumerator();

    public IEnumerable<string> keys() => Keys;

    public IEnumerable<Parameter> values() => Values;

    public IEnumerator<(string, Parameter)> GetEnumerator() => list.GetEnumerator();

    IEnumerator<KeyValuePair<string, Parameter>> IEnumerable<KeyValuePair<string, Parameter>>.GetEnumerator() => list.Pairs.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
