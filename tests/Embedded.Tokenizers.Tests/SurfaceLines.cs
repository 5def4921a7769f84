using System.Globalization;
using System.Reflection;

namespace DiffusionBatch.Embedded.Tokenizers.Tests;

/// <summary>Writes an assembly's public and protected members in the form of the reference listings, one line each.</summary>
internal static class SurfaceLines
{
    const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static SortedSet<string> Of(Assembly assembly)
    {
        var lines = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var type in assembly.GetExportedTypes())
        {
            string owner = Name(type);
            bool plainBase = type.BaseType is null || type.BaseType == typeof(object) || type.BaseType == typeof(ValueType) || type.BaseType == typeof(Enum);
            lines.Add("type " + owner + (plainBase ? "" : " : " + Name(type.BaseType!)));
            lines.UnionWith(type.GetConstructors(Declared).Where(Seen).Select(c => $"{owner}.ctor({Parameters(c.GetParameters())})"));
            lines.UnionWith(type.GetMethods(Declared).Where(m => Seen(m) && !m.IsSpecialName).Select(m => $"{Static(m)}{owner}.{m.Name}({Parameters(m.GetParameters())}) : {Name(m.ReturnType)}"));
            lines.UnionWith(type.GetProperties(Declared).Where(p => p.GetAccessors(true).Any(Seen)).Select(p => Property(owner, p)));
            lines.UnionWith(type.GetFields(Declared).Where(f => (f.IsPublic || f.IsFamily) && !f.IsSpecialName).Select(f => $"{(f.IsStatic ? "static " : "")}{owner}.{f.Name} : {Name(f.FieldType)}"));
        }
        return lines;
    }

    static bool Seen(MethodBase member) => member.IsPublic || member.IsFamily || member.IsFamilyOrAssembly;

    static string Static(MethodInfo method) => method.IsStatic ? "static " : "";

    static string Property(string owner, PropertyInfo property)
    {
        string get = property.GetMethod is { } g && Seen(g) ? " get;" : "", set = property.SetMethod is { } s && Seen(s) ? " set;" : "";
        return $"{Static(property.GetAccessors(true)[0])}{owner}.{property.Name} {{{get}{set} }} : {Name(property.PropertyType)}";
    }

    static string Parameters(ParameterInfo[] parameters) => string.Join(", ", parameters.Select(p =>
    {
        var type = p.ParameterType.IsByRef ? p.ParameterType.GetElementType()! : p.ParameterType;
        string passed = !p.ParameterType.IsByRef ? "" : p.IsOut ? "out " : p.IsIn ? "in " : "ref ";
        return $"{passed}{Name(type)} {p.Name}{(p.HasDefaultValue ? " = " + Default(p) : "")}";
    }));

    static string Default(ParameterInfo parameter) => parameter.DefaultValue switch
    {
        null => parameter.ParameterType.IsValueType ? "default" : "null",
        bool b => b ? "true" : "false",
        string s => $"\"{s}\"",
        IFormattable f => f.ToString(null, CultureInfo.InvariantCulture),
        var other => other.ToString()!,
    };

    static string Name(Type type)
    {
        if (type.IsGenericParameter) return type.Name;
        if (type.IsArray) return Name(type.GetElementType()!) + "[]";
        if (Nullable.GetUnderlyingType(type) is { } inner) return Name(inner) + "?";
        var arguments = type.GetGenericArguments().Select(Name);
        if (type.FullName?.StartsWith("System.ValueTuple`", StringComparison.Ordinal) == true) return $"({string.Join(", ", arguments)})";
        string name = type.Namespace!.StartsWith("System", StringComparison.Ordinal) ? type.Name : $"{type.Namespace}.{type.Name}";
        int tick = name.IndexOf('`', StringComparison.Ordinal);
        return tick < 0 ? name : $"{name[..tick]}<{string.Join(", ", arguments)}>";
    }
}
