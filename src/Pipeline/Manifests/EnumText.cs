using System.Collections.Concurrent;
using System.Reflection;
using DiffusionBatch.Contracts;
using DiffusionBatch.Pipeline.Manifests.Fields;

namespace DiffusionBatch.Pipeline.Manifests;

/// <summary>How the manifests' enums are written: the member's name in camelCase, or its <see cref="LiteralAttribute"/>.</summary>
public static class EnumText
{
    static readonly ConcurrentDictionary<Type, IReadOnlyList<(string Text, object Value)>> Cache = new();

    /// <summary>The text of a value, e.g. "left-to-right".</summary>
    public static string Of<T>(T value) where T : struct, Enum => Of((object)value);

    /// <summary>All values of an enum with their texts, in the order of declaration.</summary>
    internal static IReadOnlyList<(string Text, object Value)> All(Type type) => Cache.GetOrAdd(type, t =>
        [.. t.GetFields(BindingFlags.Public | BindingFlags.Static).Select(f => (Text(f), f.GetValue(null)!))]);

    internal static string Of(object value) => All(value.GetType()).First(pair => pair.Value.Equals(value)).Text;

    static string Text(FieldInfo field) =>
        field.GetCustomAttribute<LiteralAttribute>()?.Text ?? CamelCase(field.Name);

    internal static string CamelCase(string name) => char.ToLowerInvariant(name[0]) + name[1..];
}
