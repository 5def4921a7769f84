using System.Diagnostics.CodeAnalysis;

namespace TorchSharp.Modules;

/// <summary>Items in order, each under a name of its own; whoever owns them hears of every change.</summary>
internal sealed class NamedItems<T>(Action changed) where T : class
{
    readonly List<(string Key, T Value)> list = [];

    public int Count => list.Count;

    public IEnumerable<string> Keys => list.Select(i => i.Key);

    public IEnumerable<T> Values => list.Select(i => i.Value);

    public IEnumerable<KeyValuePair<string, T>> Pairs => list.Select(i => new KeyValuePair<string, T>(i.Key, i.Value));

    public IEnumerator<(string, T)> GetEnumerator() => list.GetEnumerator();

    public T Get(string key) => TryGet(key, out T? value) ? value : throw new KeyNotFoundException($"The given key '{key}' was not present in the dictionary.");

    public (string, T) Get(int index) => list[index];

    /// <summary>Puts a value in the place of the one of that name, or at the end.</summary>
    public void Set(string key, T value)
    {
        int at = Find(key);
        if (at < 0) list.Add((key, value));
        else list[at] = (key, value);
        changed();
    }

    public void Set(int index, (string, T) item)
    {
        list[index] = item;
        changed();
    }

    public void Insert(int index, (string Key, T Value) item)
    {
        if (Find(item.Key) >= 0) throw new ArgumentException($"An item with the same key has already been added. Key: {item.Key}");
        list.Insert(index, item);
        changed();
    }

    public bool Remove(string key)
    {
        int at = Find(key);
        if (at >= 0) RemoveAt(at);
        return at >= 0;
    }

    /// <summary>Removes the item where both its name and its value are there.</summary>
    public bool Remove((string Key, T Value) item) => IndexOf(item) >= 0 && Remove(item.Key);

    public void RemoveAt(int index)
    {
        if (index >= Count) throw new IndexOutOfRangeException();
        list.RemoveAt(index);
        changed();
    }

    public void Clear()
    {
        list.Clear();
        changed();
    }

    public int Find(string key) => list.FindIndex(i => i.Key == key);

    public int IndexOf((string Key, T Value) item) => list.FindIndex(i => i.Key == item.Key && ReferenceEquals(i.Value, item.Value));

    public bool TryGet(string key, [MaybeNullWhen(false)] out T value)
    {
        int at = Find(key);
        value = at >= 0 ? list[at].Value : default;
        return at >= 0;
    }

    public void CopyTo((string, T)[] array, int arrayIndex) => list.CopyTo(array, arrayIndex);

    public void CopyTo(KeyValuePair<string, T>[] array, int arrayIndex)
    {
        ArgumentNullException.ThrowIfNull(array);
        foreach (KeyValuePair<string, T> pair in Pairs) array[arrayIndex++] = pair;
    }
}
