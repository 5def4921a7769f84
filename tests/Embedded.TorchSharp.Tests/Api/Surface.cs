using System.Globalization;
using System.Reflection;
using System.Text;

namespace DiffusionBatch.Embedded.TorchSharp.Tests.Api;

/// <summary>An assembly's public surface as sorted lines of text, in the form of the reference listings.</summary>
internal static class Surface
{
    const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static IReadOnlyList<string> Lines(Assembly assembly)
    {
        var lines = new SortedSet<string>(StringComparer.Ordinal);
        foreach (Type type in assembly.GetExportedTypes())
            foreach (string line in Lines(type)) lines.Add(line);
        return [.. lines];
    }

    static IEnumerable<string> Lines(Type type)
    {
        string owner = Name(type);
        Type? parent = type.BaseType;
        bool plain = parent is null || parent == typeof(object) || parent == typeof(ValueType) || parent == typeof(Enum);
        yield return plain ? $"type {owner}" : $"type {owner} : {Name(parent!)}";
        foreach (ConstructorInfo c in type.GetConstructors(Declared))
            if (Seen(c)) yield return $"{owner}.ctor({Parameters(c.GetParameters())})";
        foreach (MethodInfo m in type.GetMethods(Declared))
        {
            if (!Seen(m) || (m.IsSpecialName && !m.Name.StartsWith("op_", StringComparison.Ordinal))) continue;
            string generic = m.IsGenericMethod ? $"<{string.Join(", ", m.GetGenericArguments().Select(a => a.Name))}>" : "";
            yield return $"{Static(m.IsStatic)}{owner}.{m.Name}{generic}({Parameters(m.GetParameters())}) : {Name(m.ReturnType)}";
        }
        foreach (PropertyInfo p in type.GetProperties(Declared))
        {
            MethodInfo[] accessors = p.GetAccessors(true);
            if (!accessors.Any(Seen)) continue;
            string index = p.GetIndexParameters() is { Length: > 0 } i ? $"[{Parameters(i)}]" : "";
            string get = p.GetMethod is { } g && Seen(g) ? " get;" : "", set = p.SetMethod is { } s && Seen(s) ? " set;" : "";
            yield return $"{Static(accessors[0].IsStatic)}{owner}.{p.Name}{index} {{{get}{set} }} : {Name(p.PropertyType)}";
        }
        foreach (FieldInfo f in type.GetFields(Declared))
            if ((f.IsPublic || f.IsFamily) && !f.IsSpecialName)
                yield return $"{Static(f.IsStatic)}{owner}.{f.Name} : {Name(f.FieldType)}{(f.IsLiteral ? $" = {f.GetRawConstantValue()}" : "")}";
    }

    static bool Seen(MethodBase m) => m.IsPublic || m.IsFamily || m.IsFamilyOrAssembly;

    static string Static(bool yes) => yes ? "static " : "";

    static string Parameters(ParameterInfo[] parameters) => string.Join(", ", parameters.Select(Text));

    static string Text(ParameterInfo p)
    {
        var text = new StringBuilder();
        if (p.IsDefined(typeof(ParamArrayAttribute))) text.Append("params ");
        Type type = p.ParameterType;
        if (type.IsByRef)
        {
            text.Append(p.IsOut ? "out " : p.IsIn ? "in " : "ref ");
            type = type.GetElementType()!;
        }
        text.Append(Name(type)).Append(' ').Append(p.Name);
        if (p.HasDefaultValue) text.Append(" = ").Append(Default(p));
        return text.ToString();
    }

    static string? Default(ParameterInfo p) => p.DefaultValue switch
    {
        null => p.ParameterType.IsValueType && Nullable.GetUnderlyingType(p.ParameterType) is null ? "default" : "null",
        string s => $"\"{s}\"",
        bool b => b ? "true" : "false",
        IFormattable f => f.ToString(null, CultureInfo.InvariantCulture),
        var other => other.ToString(),
    };

    static string Name(Type type)
    {
        if (type.IsArray) return Name(type.GetElementType()!) + "[]";
        if (type.IsPointer) return Name(type.GetElementType()!) + "*";
        if (type.IsByRef) return Name(type.GetElementType()!) + "&";
        if (type.IsGenericParameter) return type.Name;
        if (Nullable.GetUnderlyingType(type) is { } value) return Name(value) + "?";
        if (type == typeof(string) || type == typeof(object) || type == typeof(void) || (type.Namespace == "System" && type.IsPrimitive)) return type.Name;
        Type[] arguments = type.GetGenericArguments();
        if (type.FullName?.StartsWith("System.ValueTuple`", StringComparison.Ordinal) == true) return $"({string.Join(", ", arguments.Select(Name))})";
        string name = type.IsNested ? $"{Name(type.DeclaringType!)}.{type.Name}"
            : type.Namespace is { } space && !space.StartsWith("System", StringComparison.Ordinal) ? $"{space}.{type.Name}" : type.Name;
        int tick = name.LastIndexOf('`');
        if (tick >= 0) name = name[..tick];
        return arguments.Length == 0 || (type.IsNested && tick < 0) ? name : $"{name}<{string.Join(", ", arguments.Select(Name))}>";
    }
}
