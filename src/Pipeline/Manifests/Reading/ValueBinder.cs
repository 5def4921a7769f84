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

/// <summary>Says in words what a field takes, for messages and documentation.</summary>
internal static class ValueWords
{
    /// <summary>What a field takes: "a whole number from 1 to 512, or a list of them".</summary>
    public static string Expected(FieldShape field)
    {
        if (field.ItemType is not { } item) return One(field.Type, field);
        string one = One(item, field);
        if (field.IsOneOrMany) return item.IsEnum ? $"{one}, or a list of these" : $"{one}, or a list of such numbers";
        return $"a list of {field.Count?.ToString() ?? "items"}";
    }

    /// <summary>What one value takes, be it the field's or an item's of its list.</summary>
    public static string One(Type type, FieldShape field)
    {
        string range = field.Within is null ? "" : " " + field.Within;
        if (type == typeof(string)) return field.Path is { } path ? PathWords(path.Role) : field.Pattern?.Words ?? "a text";
        if (type == typeof(bool)) return "true or false";
        if (type == typeof(int) || type == typeof(long)) return "a whole number" + range;
        if (type == typeof(double)) return "a number" + range;
        return type.IsEnum ? EnumWords(type) : RecordShape.Of(type).Shorthand is null ? "an object" : "a text or an object";
    }

    /// <summary>"full", "prefix" or "causal", in quotation marks.</summary>
    public static string EnumWords(Type type) => OneOf(EnumText.All(type).Select(pair => pair.Text));

    /// <summary>"a", or "one of "a", "b", "c"".</summary>
    public static string OneOf(IEnumerable<string> texts)
    {
        string[] quoted = [.. texts.Select(text => $"\"{text}\"")];
        return quoted.Length == 1 ? quoted[0] : $"one of {string.Join(", ", quoted)}";
    }

    static string PathWords(PathRole role) => role switch
    {
        PathRole.InputFile => "a file's path, relative to the storage root",
        PathRole.InputFolder => "a folder's path, relative to the storage root",
        PathRole.Input or PathRole.Data => "a file's or folder's path, relative to the storage root",
        _ => "a folder's path, relative to the storage root",
    };
}

/// <summary>Finds what a user most likely meant.</summary>
internal static class Suggestion
{
    /// <summary>The candidate that is nearest to a word; null where none is near.</summary>
    public static string? For(string word, IEnumerable<string> candidates)
    {
        string plain = Plain(word);
        return candidates
            .Select(candidate => (candidate, distance: Distance(plain, Plain(candidate))))
            .Where(pair => pair.distance <= Math.Max(1, Math.Min(plain.Length, pair.candidate.Length) / 3))
            .OrderBy(pair => pair.distance)
            .Select(pair => pair.candidate)
            .FirstOrDefault();
    }

    // batch_tokens, batch-tokens and BatchTokens all mean batchTokens.
    static string Plain(string word) =>
        word.Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal).ToLowerInvariant();

    // Insertions, deletions, substitutions and swaps of neighbours (optimal string alignment).
    static int Distance(string a, string b)
    {
        if (a.Length > 64 || b.Length > 64) return int.MaxValue;
        var d = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++) d[i, 0] = i;
        for (int j = 0; j <= b.Length; j++) d[0, j] = j;
        for (int i = 1; i <= a.Length; i++)
        {
            for (int j = 1; j <= b.Length; j++)
            {
                int best = Math.Min(Math.Min(d[i - 1, j], d[i, j - 1]) + 1, d[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) best = Math.Min(best, d[i - 2, j - 2] + 1);
                d[i, j] = best;
            }
        }
        return d[a.Length, b.Length];
    }
}
