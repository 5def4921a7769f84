namespace DiffusionBatch.Pipeline.Manifests;

/// <summary>A setting that is one value, or a list of them to sweep over (at least one, all distinct).</summary>
/// <typeparam name="T">A number or an enum.</typeparam>
public sealed class OneOrMany<T> : IEquatable<OneOrMany<T>>, IOneOrMany where T : notnull
{
    /// <summary>The values in the manifest's order.</summary>
    public IReadOnlyList<T> Values { get; }

    /// <summary>Whether the manifest gave a list: only then the setting is part of the cells' names.</summary>
    public bool IsList { get; }

    /// <summary>One value.</summary>
    public OneOrMany(T value) => Values = [value];

    /// <summary>A list of values.</summary>
    public OneOrMany(IReadOnlyList<T> values)
    {
        if (values.Count == 0) throw new ArgumentException("At least one value is needed.", nameof(values));
        Values = [.. values];
        IsList = true;
    }

    IReadOnlyList<object> IOneOrMany.Objects => [.. Values.Select(v => (object)v)];

    /// <summary>One value.</summary>
    public static implicit operator OneOrMany<T>(T value) => new(value);

    /// <summary>A list of values.</summary>
    public static implicit operator OneOrMany<T>(T[] values) => new(values);

    /// <inheritdoc/>
    public bool Equals(OneOrMany<T>? other) => other is not null && IsList == other.IsList && Values.SequenceEqual(other.Values);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as OneOrMany<T>);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(IsList, Values.Count, Values[0]);

    /// <inheritdoc/>
    public override string ToString() => IsList ? $"[{string.Join(", ", Values)}]" : $"{Values[0]}";
}

/// <summary>A <see cref="OneOrMany{T}"/> whose type isn't known where it is used.</summary>
internal interface IOneOrMany
{
    /// <summary>The values.</summary>
    IReadOnlyList<object> Objects { get; }

    /// <summary>Whether the manifest gave a list.</summary>
    bool IsList { get; }
}
