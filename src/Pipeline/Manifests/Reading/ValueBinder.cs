using DiffusionBatch.Pipeline.Manifests.Fields;

namespace DiffusionBatch.Pipeline.Manifests.Reading;

/// <summary>Makes texts, numbers, booleans and enums of a tree's leaves, and notes what is wrong with them.</summary>
internal sealed class ValueBinder(ManifestText text)
{
    /// <summary>One value of a field, or of its list; null and a problem where it can't be used.</summary>
    public object? One(ManifestNode node, Type type, FieldShape field, bool orList = false)
    {
        if (type.IsEnum) return Enum(node, type, orList ? field : null);
        object? value =
            type == typeof(string) && node.Kind == NodeKind.Text ? Text(node.Text, field)
            : type == typeof(bool) && node.Kind == NodeKind.Boolean ? node.Boolean
            : type == typeof(double) && node.Kind == NodeKind.Number && InRange(node.Number, field) ? node.Number
            : type == typeof(int) && IsWhole(node, field) ? (int)node.Number
            : type == typeof(long) && IsWhole(node, field) ? (long)node.Number
            : null;
        if (value is not null) return value;
        string expected = orList ? ValueWords.Expected(field) : ValueWords.One(type, field);
        string reason = node.Kind == NodeKind.Text && type == typeof(string) && field.Path is not null && PathText.Refusal(node.Text) is { } why ? ": " + why : "";
        text.Add(node, $"expected {expected}, found {node.Found}{reason}");
        return null;
    }

    /// <summary>Whether a value is one that the specification knows and this version refuses.</summary>
    public static bool IsLater(ManifestNode node, Type type) =>
        node.Kind == NodeKind.Text && type.GetCustomAttributes(typeof(LaterValuesAttribute), false).Cast<LaterValuesAttribute>().Any(later => later.Values.Contains(node.Text));

    /// <summary>That a text is none of those allowed, with a guess at what was meant.</summary>
    public static string NotOneOf(ManifestNode node, IEnumerable<string> allowed, string words)
    {
        string? meant = node.Kind == NodeKind.Text ? Suggestion.For(node.Text, allowed) : null;
        return $"expected {words}, found {node.Found}" + (meant is null ? "" : $"; did you mean \"{meant}\"?");
    }

    object? Enum(ManifestNode node, Type type, FieldShape? oneOrMany)
    {
        var all = EnumText.All(type);
        if (node.Kind == NodeKind.Text && all.FirstOrDefault(pair => pair.Text == node.Text).Value is { } value) return value;
        string words = oneOrMany is null ? ValueWords.EnumWords(type) : ValueWords.Expected(oneOrMany);
        text.Add(node, IsLater(node, type)
            ? $"{node.Found} is not available in this version: expected {words}"
            : NotOneOf(node, all.Select(pair => pair.Text), words));
        return null;
    }

    static string? Text(string value, FieldShape field)
    {
        if (field.Path is not null) return PathText.Refusal(value) is null ? PathText.Normalise(value) : null;
        return field.Pattern is null || field.Pattern.Matches(value) ? value : null;
    }

    static bool InRange(double number, FieldShape field) => double.IsFinite(number) && (field.Within?.Holds(number) ?? true);

    // 8.0 and 8e0 are the whole number 8 too, as JSON Schema has it.
    static bool IsWhole(ManifestNode node, FieldShape field) =>
        node.Kind == NodeKind.Number && node.Number == Math.Truncate(node.Number) && InRange(node.Number, field);
}
