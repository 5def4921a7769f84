using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.CompilerServices;
using DiffusionBatch.Contracts.Strategies;

namespace DiffusionBatch.Contracts.Fields;

/// <summary>The fields of a record, read once from its properties and their attributes.</summary>
public sealed class RecordShape
{
    static readonly ConcurrentDictionary<Type, RecordShape> Cache = new();

    /// <summary>The record's type.</summary>
    public Type Type { get; }

    /// <summary>The fields: a base record's first, then in the order of declaration.</summary>
    public IReadOnlyList<FieldShape> Fields { get; }

    /// <summary>Of these fields exactly one must be given; empty for no such rule.</summary>
    public IReadOnlyList<string> ExactlyOne { get; }

    /// <summary>Fields that ask for another one.</summary>
    public IReadOnlyList<NeedsAttribute> Needs { get; }

    /// <summary>The field that a bare text stands for; null where only an object will do.</summary>
    public string? Shorthand { get; }

    RecordShape(Type type)
    {
        Type = type;
        object? defaults = type.IsAbstract ? null : Activator.CreateInstance(type);
        Fields = [.. Ancestry(type)
            .SelectMany(t => t.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly))
            .Where(p => p.IsDefined(typeof(FieldAttribute)))
            .Select(p => new FieldShape(p, defaults))];
        ExactlyOne = type.GetCustomAttribute<ExactlyOneAttribute>()?.Fields ?? [];
        Shorthand = type.GetCustomAttribute<ShorthandAttribute>()?.Field;
        Needs = [.. type.GetCustomAttributes<NeedsAttribute>()];
    }

    /// <summary>The field that names a strategy; null for none.</summary>
    public FieldShape? Strategy => Fields.FirstOrDefault(f => f.Strategy is not null);

    /// <summary>
    /// Whether a field of a record has a meaning beside the record's other values: the strategy that it names heeds it, and what it
    /// asks of another field holds. What has none is left out where a record is written.
    /// </summary>
    public bool Applies(FieldShape field, object record) =>
        Applies(field, other => other.Property.GetValue(record) is { } value ? [value] : []);

    /// <summary>The same where fields have several values, one in each cell of a sweep: in any of them is enough.</summary>
    /// <param name="field">The field.</param>
    /// <param name="values">The values of another field of the record.</param>
    public bool Applies(FieldShape field, Func<FieldShape, IReadOnlyList<object>> values)
    {
        ArgumentNullException.ThrowIfNull(field);
        if (field.IsSpecific && Strategy is { } named
            && values(named).All(name => StrategyCatalog.Find(named.Strategy!.Value, (string)name) is { } card
                && card.Setting(field.Name) is null)) return false;
        return field.OnlyWith is not { } with
            || (this[with.Field] is { } other && values(other).Any(value => with.Values.Contains(EnumText.Setting(value))));
    }

    /// <summary>
    /// A record in which what has no meaning beside its other values (see <see cref="Applies(FieldShape, object)"/>) is at its default.
    /// </summary>
    public static T Plain<T>(T record) where T : class, new()
    {
        var shape = Of(typeof(T));
        T copy = (T)Copy(record), plain = new();
        foreach (var field in shape.Fields)
            if (!shape.Applies(field, record)) field.Property.SetValue(copy, field.Property.GetValue(plain));
        return copy;
    }

    /// <summary>A copy as the language's "with" makes it.</summary>
    internal static object Copy(object record) => record.GetType().GetMethod("<Clone>$")!.Invoke(record, null)!;

    /// <summary>The field of that name, or null.</summary>
    public FieldShape? this[string name] => Fields.FirstOrDefault(f => f.Name == name);

    /// <summary>The shape of a record's type.</summary>
    public static RecordShape Of(Type type) => Cache.GetOrAdd(type, t => new RecordShape(t));

    /// <summary>Whether a type is one of the manifests' records (an object in the text).</summary>
    public static bool IsRecord(Type type) => type.IsClass && type != typeof(string)
        && type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Any(p => p.IsDefined(typeof(FieldAttribute)));

    static IEnumerable<Type> Ancestry(Type type) =>
        type.BaseType is { } parent && parent != typeof(object) ? [.. Ancestry(parent), type] : [type];
}

/// <summary>One field of a record.</summary>
public sealed class FieldShape
{
    /// <summary>The property.</summary>
    public PropertyInfo Property { get; }

    /// <summary>The property's type without Nullable.</summary>
    public Type Type { get; }

    /// <summary>The field's name in manifests.</summary>
    public string Name { get; }

    /// <summary>Description and the like.</summary>
    public FieldAttribute Field { get; }

    /// <summary>Whether the field must be given.</summary>
    public bool Required { get; }

    /// <summary>The value that holds where the field is absent; null for none.</summary>
    public object? Default { get; }

    /// <summary>The range of the number or numbers; null for any.</summary>
    public WithinAttribute? Within { get; }

    /// <summary>The pattern of the text; null for any.</summary>
    public PatternAttribute? Pattern { get; }

    /// <summary>The bounds of a list's count; null for any.</summary>
    public CountAttribute? Count { get; }

    /// <summary>Set where the text is a path.</summary>
    public PathAttribute? Path { get; }

    /// <summary>Set where the text is a strategy's name.</summary>
    public StrategyKind? Strategy { get; }

    /// <summary>Whether only some strategies heed it.</summary>
    public bool IsSpecific { get; }

    /// <summary>What it asks of another field; null for nothing.</summary>
    public OnlyWithAttribute? OnlyWith { get; }

    /// <summary>Values that the specification knows and this version refuses.</summary>
    public IReadOnlyList<string> Later { get; }

    internal FieldShape(PropertyInfo property, object? defaults)
    {
        Property = property;
        Type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        Name = EnumText.CamelCase(property.Name);
        Field = property.GetCustomAttribute<FieldAttribute>()!;
        Required = property.IsDefined(typeof(RequiredMemberAttribute));
        Default = Required || defaults is null ? null : property.GetValue(defaults);
        Within = property.GetCustomAttribute<WithinAttribute>();
        Pattern = property.GetCustomAttribute<PatternAttribute>();
        Count = property.GetCustomAttribute<CountAttribute>();
        Path = property.GetCustomAttribute<PathAttribute>();
        Strategy = property.GetCustomAttribute<StrategyFieldAttribute>()?.Kind;
        IsSpecific = property.IsDefined(typeof(SpecificAttribute));
        OnlyWith = property.GetCustomAttribute<OnlyWithAttribute>();
        Later = property.GetCustomAttribute<LaterValuesAttribute>()?.Values
            ?? (ItemType ?? Type).GetCustomAttribute<LaterValuesAttribute>()?.Values ?? [];
    }

    /// <summary>The item type of a list field; null for others.</summary>
    public Type? ItemType => Type.IsGenericType && Type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>)
        ? Type.GetGenericArguments()[0]
        : null;

    /// <summary>The record of settings of which any may be a list (<see cref="Sweep{T}"/>); null for others.</summary>
    public Type? SweptType => Type.IsGenericType && Type.GetGenericTypeDefinition() == typeof(Sweep<>)
        ? Type.GetGenericArguments()[0]
        : null;

    /// <summary>The values of an enum, or the names of strategies, as manifests write them; null for other fields.</summary>
    public IReadOnlyList<string>? Choices => Strategy is { } kind ? [.. StrategyCatalog.Of(kind).Select(c => c.Name)]
        : (ItemType ?? Type) is { IsEnum: true } type ? [.. EnumText.All(type).Select(pair => pair.Text)] : null;

    /// <summary>
    /// What the field means, the strategies that heed it named first where only some do; those of its own kind each with their meaning.
    /// </summary>
    /// <param name="strategies">The kind that the field's record names; null for none.</param>
    public string Describe(StrategyKind? strategies)
    {
        string text = Field.Description;
        if (IsSpecific && strategies is { } kind)
            text = $"{string.Join(", ", StrategyCatalog.Of(kind).Where(c => c.Setting(Name) is not null).Select(c => $"`{c.Name}`"))}: "
                + $"{char.ToLowerInvariant(text[0])}{text[1..]}";
        if (Strategy is { } own)
            text = $"{text.TrimEnd('.')}: {string.Join("; ", StrategyCatalog.Of(own).Select(c => $"`{c.Name}` {c.Summary}"))}.";
        return text;
    }
}
