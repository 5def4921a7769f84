using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.CompilerServices;
using DiffusionBatch.Contracts;

namespace DiffusionBatch.Pipeline.Manifests.Fields;

/// <summary>The fields of a record, read once from its properties and their attributes.</summary>
internal sealed class RecordShape
{
    static readonly ConcurrentDictionary<Type, RecordShape> Cache = new();

    /// <summary>The record's type.</summary>
    public Type Type { get; }

    /// <summary>The fields: a base record's first, then in the order of declaration.</summary>
    public IReadOnlyList<FieldShape> Fields { get; }

    /// <summary>Fields of the specification that this version refuses.</summary>
    public IReadOnlyList<LaterFieldAttribute> Later { get; }

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
        Later = [.. type.GetCustomAttributes<LaterFieldAttribute>()];
        ExactlyOne = type.GetCustomAttribute<ExactlyOneAttribute>()?.Fields ?? [];
        Shorthand = type.GetCustomAttribute<ShorthandAttribute>()?.Field;
        Needs = [.. type.GetCustomAttributes<NeedsAttribute>()];
    }

    /// <summary>The shape of a record's type.</summary>
    public static RecordShape Of(Type type) => Cache.GetOrAdd(type, t => new RecordShape(t));

    /// <summary>Whether a type is one of the manifests' records (an object in the text).</summary>
    public static bool IsRecord(Type type) =>
        type.IsClass && type.Namespace == typeof(JobManifest).Namespace && !typeof(IOneOrMany).IsAssignableFrom(type);

    static IEnumerable<Type> Ancestry(Type type) =>
        type.BaseType is { } parent && parent != typeof(object) ? [.. Ancestry(parent), type] : [type];
}

/// <summary>One field of a record.</summary>
internal sealed class FieldShape
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

    public FieldShape(PropertyInfo property, object? defaults)
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
    }

    /// <summary>The item type of a list field or of a setting that may be a list; null for others.</summary>
    public Type? ItemType =>
        Type.IsGenericType && (Type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) || IsOneOrMany) ? Type.GetGenericArguments()[0] : null;

    /// <summary>Whether one value stands for a list of one.</summary>
    public bool IsOneOrMany => Type.IsGenericType && Type.GetGenericTypeDefinition() == typeof(OneOrMany<>);
}
