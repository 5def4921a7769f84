using System.Globalization;
using System.Reflection;
using System.Text;

namespace DiffusionBatch.Tests;

/// <summary>
/// Writes an assembly's public surface as text, one member a line, in the form of the libraries' listings, so that a
/// stand-in can be held to the real library: every line of the stand-in must stand in the listing.
/// </summary>
internal static class ApiSurface
{
    const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    /// <summary>Fails with the lines of <paramref name="assembly"/> that the listing at <paramref name="listingPath"/> lacks.</summary>
    public static void AssertSubset(Assembly assembly, string listingPath)
    {
        var listing = File.ReadLines(listingPath).ToHashSet(StringComparer.Ordinal);
        var lines = Of(assembly);
        Assert.NotEmpty(lines);
        var foreign = lines.Where(line => !listing.Contains(line)).ToArray();
        Assert.True(foreign.Length == 0, $"{foreign.Length} members are not the library's:\n" + string.Join('\n', foreign));
    }

    /// <summary>The public and protected members of the exported types, sorted by ordinal.</summary>
    public static IReadOnlyCollection<string> Of(Assembly assembly)
    {
        var lines = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var type in assembly.GetExportedTypes())
        {
            string owner = NameOf(type);
            lines.Add("type " + owner + BaseOf(type));
            lines.UnionWith(type.GetConstructors(Declared).Where(Seen).Select(c => $"{owner}.ctor({ParametersOf(c)})"));
            lines.UnionWith(type.GetMethods(Declared).Where(m => Seen(m) && (!m.IsSpecialName || m.Name.StartsWith("op_", StringComparison.Ordinal))).Select(m => MethodLine(owner, m)));
            lines.UnionWith(type.GetProperties(Declared).Where(p => p.GetAccessors(true).Any(Seen)).Select(p => PropertyLine(owner, p)));
            lines.UnionWith(type.GetFields(Declared).Where(f => (f.IsPublic || f.IsFamily) && !f.IsSpecialName).Select(f => FieldLine(owner, f)));
        }
        return lines;
    }

    static bool Seen(MethodBase m) => m.IsPublic || m.IsFamily || m.IsFamilyOrAssembly;

    static string Static(bool isStatic) => isStatic ? "static " : "";

    static string MethodLine(string owner, MethodInfo m)
    {
        string generic = m.IsGenericMethod ? "<" + string.Join(", ", m.GetGenericArguments().Select(a => a.Name)) + ">" : "";
        return $"{Static(m.IsStatic)}{owner}.{m.Name}{generic}({ParametersOf(m)}) : {NameOf(m.ReturnType)}";
    }

    static string PropertyLine(string owner, PropertyInfo p)
    {
        string index = p.GetIndexParameters() is { Length: > 0 } i ? "[" + string.Join(", ", i.Select(ParameterOf)) + "]" : "";
        string get = p.GetMethod is { } g && Seen(g) ? " get;" : "", set = p.SetMethod is { } s && Seen(s) ? " set;" : "";
        return $"{Static(p.GetAccessors(true)[0].IsStatic)}{owner}.{p.Name}{index} {{{get}{set} }} : {NameOf(p.PropertyType)}";
    }

    static string FieldLine(string owner, FieldInfo f) =>
        $"{Static(f.IsStatic)}{owner}.{f.Name} : {NameOf(f.FieldType)}{(f.IsLiteral ? " = " + Convert.ToString(f.GetRawConstantValue(), CultureInfo.InvariantCulture) : "")}";

    static string BaseOf(Type t) =>
        t.BaseType is { } b && b != typeof(object) && b != typeof(ValueType) && b != typeof(Enum) ? " : " + NameOf(b) : "";

    static string ParametersOf(MethodBase m) => string.Join(", ", m.GetParameters().Select(ParameterOf));

    static string ParameterOf(ParameterInfo p)
    {
        var text = new StringBuilder();
        if (p.GetCustomAttribute<ParamArrayAttribute>() is not null) text.Append("params ");
        bool byRef = p.ParameterType.IsByRef;
        if (byRef) text.Append(p.IsOut ? "out " : p.IsIn ? "in " : "ref ");
        text.Append(NameOf(byRef ? p.ParameterType.GetElementType()! : p.ParameterType)).Append(' ').Append(p.Name);
        if (p.HasDefaultValue) text.Append(" = ").Append(DefaultOf(p));
        return text.ToString();
    }

    static string? DefaultOf(ParameterInfo p) => p.DefaultValue switch
    {
        null => p.ParameterType.IsValueType && Nullable.GetUnderlyingType(p.ParameterType) is null ? "default" : "null",
        string s => $"\"{s}\"",
        bool b => b ? "true" : "false",
        IFormattable f => f.ToString(null, CultureInfo.InvariantCulture),
        var other => other.ToString(),
    };

    static string NameOf(Type t)
    {
        if (t.IsArray) return NameOf(t.GetElementType()!) + "[]";
        if (t.IsPointer) return NameOf(t.GetElementType()!) + "*";
        if (t.IsByRef) return NameOf(t.GetElementType()!) + "&";
        if (t.IsGenericParameter) return t.Name;
        if (Nullable.GetUnderlyingType(t) is { } underlying) return NameOf(underlying) + "?";
        bool keyword = (t.Namespace == "System" && t.IsPrimitive) || t == typeof(string) || t == typeof(object) || t == typeof(void);
        if (keyword) return t.Name;
        var arguments = t.GetGenericArguments();
        if (t.FullName?.StartsWith("System.ValueTuple`", StringComparison.Ordinal) == true) return "(" + string.Join(", ", arguments.Select(NameOf)) + ")";
        string prefix = t.IsNested ? NameOf(t.DeclaringType!) + "."
            : t.Namespace is { } n && !n.StartsWith("System", StringComparison.Ordinal) ? n + "." : "";
        string name = prefix + t.Name;
        int tick = name.LastIndexOf('`');
        if (tick >= 0) name = name[..tick];
        return arguments.Length == 0 || (t.IsNested && tick < 0) ? name : name + "<" + string.Join(", ", arguments.Select(NameOf)) + ">";
    }
}
