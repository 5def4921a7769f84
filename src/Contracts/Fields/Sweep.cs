namespace DiffusionBatch.Contracts.Fields;

/// <summary>
/// A record of settings of which any may be a list: the cells are the product of the lists. Steps vary slowest, then the other lists in
/// ordinal order of their paths, so that cells come in the order in which their names read.
/// </summary>
/// <typeparam name="T">The record.</typeparam>
public sealed record Sweep<T> : ISweep where T : class, new()
{
    const string Steps = "steps";

    /// <summary>The settings with one value each; where a list is given, its first.</summary>
    public T Settings { get; private init; } = new();

    /// <summary>The lists, steps first, then in ordinal order of their paths.</summary>
    public IReadOnlyList<SweptSetting> Lists { get; private init; } = [];

    object ISweep.Settings => Settings;

    /// <summary>How many cells there are.</summary>
    public double Count => Lists.Aggregate(1.0, (n, list) => n * list.Values.Count);

    /// <summary>Settings without lists.</summary>
    public static implicit operator Sweep<T>(T settings) => new() { Settings = settings };

    /// <summary>The same with a list more.</summary>
    /// <param name="path">The setting, as in <c>length.beam</c>.</param>
    /// <param name="values">At least one, all distinct.</param>
    public Sweep<T> Over(string path, params IReadOnlyList<object> values)
    {
        if (values.Count == 0) throw new ArgumentException("At least one value is needed.", nameof(values));
        var lists = Lists.Where(l => l.Path != path).Append(new SweptSetting(path, [.. values]))
            .OrderBy(l => l.Path != Steps).ThenBy(l => l.Path, StringComparer.Ordinal);
        return new Sweep<T> { Settings = With(Settings, path, values[0]), Lists = [.. lists] };
    }

    ISweep ISweep.Of(object settings) => (Sweep<T>)(T)settings;

    ISweep ISweep.Over(string path, IReadOnlyList<object> values) => Over(path, values);

    /// <summary>The values of a setting: its list, or its one value.</summary>
    public IReadOnlyList<object> ValuesOf(string path) =>
        Lists.FirstOrDefault(l => l.Path == path)?.Values ?? (Get(Settings, path) is { } value ? [value] : []);

    /// <summary>The cells, in a stable order, with distinct names.</summary>
    public IReadOnlyList<SweepCell<T>> Expand()
    {
        var cells = new List<SweepCell<T>>();
        Choose(Settings, 0);
        return cells;

        void Choose(T settings, int list)
        {
            if (list == Lists.Count) cells.Add(new SweepCell<T>(Name(settings), settings));
            else
                foreach (object value in Lists[list].Values) Choose(With(settings, Lists[list].Path, value), list + 1);
        }
    }

    /// <inheritdoc/>
    public bool Equals(Sweep<T>? other) => other is not null && Settings.Equals(other.Settings) && Lists.SequenceEqual(other.Lists);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Settings, Lists.Count);

    // "steps=8,length.beam=5": the steps, and what is given as a list.
    string Name(T settings) => string.Join(',',
        Lists.Select(l => l.Path).Where(p => p != Steps).Prepend(Steps).Select(path => $"{path}={EnumText.Setting(Get(settings, path)!)}"));

    static object? Get(object record, string path)
    {
        object? value = record;
        foreach (string name in path.Split('.'))
            value = value is null ? null : Field(value, name).Property.GetValue(value);
        return value;
    }

    static T With(T settings, string path, object value) => (T)With((object)settings, path.Split('.'), value);

    static object With(object record, ReadOnlySpan<string> path, object value)
    {
        var field = Field(record, path[0]);
        object copy = RecordShape.Copy(record);
        field.Property.SetValue(copy, path.Length == 1
            ? value
            : With(field.Property.GetValue(record) ?? Activator.CreateInstance(field.Type)!, path[1..], value));
        return copy;
    }

    static FieldShape Field(object record, string name) =>
        RecordShape.Of(record.GetType())[name]
            ?? throw new ArgumentException($"{record.GetType().Name} has no setting \"{name}\".", nameof(name));
}

/// <summary>A <see cref="Sweep{T}"/> whose record isn't known where it is used.</summary>
public interface ISweep
{
    /// <summary>The settings with one value each.</summary>
    object Settings { get; }

    /// <summary>The lists.</summary>
    IReadOnlyList<SweptSetting> Lists { get; }

    /// <summary>Settings without lists.</summary>
    ISweep Of(object settings);

    /// <summary>The same with a list more.</summary>
    ISweep Over(string path, IReadOnlyList<object> values);

    /// <summary>The values of a setting: its list, or its one value.</summary>
    IReadOnlyList<object> ValuesOf(string path);
}

/// <summary>A setting that is a list.</summary>
/// <param name="Path">The setting, as in <c>length.beam</c>.</param>
/// <param name="Values">Its values in the manifest's order.</param>
public sealed record SweptSetting(string Path, IReadOnlyList<object> Values)
{
    /// <inheritdoc/>
    public bool Equals(SweptSetting? other) => other is not null && Path == other.Path && Values.SequenceEqual(other.Values);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Path, Values.Count);
}

/// <summary>One cell of a sweep.</summary>
/// <param name="Name">The name of the cell and of its results folder, as in <c>steps=8,length.beam=5</c>.</param>
/// <param name="Settings">Its settings.</param>
public sealed record SweepCell<T>(string Name, T Settings);
