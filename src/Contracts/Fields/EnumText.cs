using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;

namespace DiffusionBatch.Contracts.Fields;

/// <summary>How the manifests' enums are written: the member's name in camelCase, or its <see cref="LiteralAttribute"/>.</summary>
public static class EnumText
{
    static readonly ConcurrentDictionary<Type, IReadOnlyList<(string Text, object Value)>> Cache = new();

    /// <summary>The text of a value, e.g. "left-to-right".</summary>
    public static string Of<T>(T value) where T : struct, Enum => Of((Enum)value);

    /// <summary>All values of an enum with their texts, in the order of declaration.</summary>
    public static IReadOnlyList<(string Text, object Value)> All(Type type) => Cache.GetOrAdd(type, t =>
        [.. t.GetFields(BindingFlags.Public | BindingFlags.Static).Select(f => (Text(f), f.GetValue(null)!))]);

    /// <summary>The text of an enum's value whose type isn't known where it is used.</summary>
    public static string Of(Enum value) => All(value.GetType()).First(pair => pair.Value.Equals(value)).Text;

    /// <summary>
    /// A setting's value as manifests and cells' names have it: an enum's text, a number in its shortest round-trip form.
    /// </summary>
    public static string Setting(object value) => value is Enum constant ? Of(constant) : value is bool flag
        ? (flag ? "true" : "false")
        : Convert.ToString(value, CultureInfo.InvariantCulture)!;

    static string Text(FieldInfo field) =>
        field.GetCustomAttribute<LiteralAttribute>()?.Text ?? CamelCase(field.Name);

    /// <summary>A member's name as manifests write it.</summary>
    public static string CamelCase(string name) => char.ToLowerInvariant(name[0]) + name[1..];

    /// <summary>The value that is written so; null for none.</summary>
    public static T? Parse<T>(string? text) where T : struct, Enum => All(typeof(T)).FirstOrDefault(pair => pair.Text == text).Value as T?;
}
