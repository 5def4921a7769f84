using System.Reflection;
using System.Runtime.CompilerServices;

namespace DiffusionBatch.Pipeline.Manifests.Fields;

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
