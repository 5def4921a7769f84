using System.Collections;
using System.Globalization;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Parameters by number: their names are "0", "1", ...</summary>
public class ParameterList : nn.Module, IList<Parameter>
{
    readonly List<Parameter> list = [];

    public ParameterList(params Parameter[] parameters) : base(nameof(ParameterList)) => extend(parameters);

    public int Count => list.Count;

    public bool IsReadOnly => false;

    public Parameter this[int index]
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

    void Sync()
    {
        ownParameters.Clear();
        for (int i = 0; i < list.Count; i++) Put(i.ToString(CultureInfo.InvariantCulture), list[i]);
    }

    public void append(params Parameter[] parameters) => extend(parameters);

    public void extend(IEnumerable<Parameter> parameters)
    {
        list.AddRange(parameters);
        Sync();
    }

    public void Add(Parameter item) => Insert(Count, item);

    public void Insert(int index, Parameter item)
    {
        list.Insert(index, item);
        Sync();
    }

    public bool Remove(Parameter item)
    {
        int at = IndexOf(item);
        if (at >= 0) RemoveAt(at);
        return at >= 0;
    }

    public void RemoveAt(int index)
    {
        list.RemoveAt(index);
        Sync();
    }

    public void Clear()
    {
        list.Clear();
        Sync();
    }

    public bool Contains(Parameter item) => IndexOf(item) >= 0;

    public int IndexOf(Parameter item) => list.FindIndex(p => ReferenceEquals(p, item));

    public void CopyTo(Parameter[] array, int arrayIndex) => list.CopyTo(array, arrayIndex);

    public IEnumerator<Parameter> GetEnumerator() => list.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
