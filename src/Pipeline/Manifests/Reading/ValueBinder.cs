using DiffusionBatch.Contracts.Fields;


namespace DiffusionBatch.Pipeline.Manifests.Reading;

/// <summary>Makes texts, numbers, booleans and enums of a tree's leaves, and notes what is wrong with them.</summary>
internal sealed class ValueBinder(ManifestText text)
{
    /// <summary>One value of a field, or of its list; null and a problem where it can't be used.</summary>
    public object? One(ManifestNode node, Type type, FieldShape field, bool orList = false)
    {
        if (field.Choices is not null) return Choice(node, type, field, orList);
        object? value =
            type == typeof(string) && node.Kind == NodeKind.Text ? Text(node.Text, field)
            : type == typeof(bool) && node.Kind == NodeKind.Boolean ? node.Boolean
            : type == typeof(double) && node.Kind == NodeKind.Number && InRange(node.Number, field) ? node.Number
            : type == typeof(int) && IsWhole(node, field) ? (int)node.Number
            : type == typeof(long) && IsWhole(node, field) ? (long)node.Number
            : null;
        if (value is not null) return value;
        string expected = orList ? ValueWords.Expected(field, swept: true) : ValueWords.One(type, field);
        string reason = node.Kind == NodeKind.Text && type == typeof(string) && field.Path is not null
            && PathText.Refusal(node.Text) is { } why ? ": " + why : "";
        text.Add(node, $"expected {expected}, found {node.Found}{reason}");
        return null;
    }

    /// <summary>That a text is none of those allowed, with a guess at what was meant.</summary>
    public static string NotOneOf(ManifestNode node, IEnumerable<string> allowed, string words)
    {
        string? meant = node.Kind == NodeKind.Text ? Suggestion.For(node.Text, allowed) : null;
        return $"expected {words}, found {node.Found}" + (meant is null ? "" : $"; did you mean \"{meant}\"?");
    }

    // A member of an enum, or a strategy's name.
    object? Choice(ManifestNode node, Type type, FieldShape field, bool orList)
    {
        if (node.Kind == NodeKind.Text && field.Choices!.Contains(node.Text))
            return type.IsEnum ? EnumText.All(type).First(pair => pair.Text == node.Text).Value : node.Text;
        string words = orList ? ValueWords.Expected(field, swept: true) : ValueWords.OneOf(field.Choices!);
        text.Add(node, node.Kind == NodeKind.Text && field.Later.Contains(node.Text)
            ? $"{node.Found} is not available in this version: expected {words}"
            : NotOneOf(node, field.Choices!, words));
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
    /// <summary>What a field takes: "a whole number from 1 to 512, or a list of such numbers".</summary>
    /// <param name="field">The field.</param>
    /// <param name="swept">Whether it stands among settings that are swept over, so that it may be a list.</param>
    public static string Expected(FieldShape field, bool swept = false)
    {
        if (field.ItemType is not null) return $"a list of {field.Count?.ToString() ?? "items"}";
        string one = One(field.Type, field);
        return !swept || RecordShape.IsRecord(field.Type) ? one : field.Choices is not null
            ? $"{one}, or a list of these"
            : $"{one}, or a list of such numbers";
    }

    /// <summary>What one value takes, be it the field's or an item's of its list.</summary>
    public static string One(Type type, FieldShape field)
    {
        string range = field.Within is null ? "" : " " + field.Within;
        if (field.Choices is { } choices) return OneOf(choices);
        if (field.SweptType is not null) return "an object";
        if (type == typeof(string)) return field.Path is { } path ? PathWords(path.Role) : field.Pattern?.Words ?? "a text";
        if (type == typeof(bool)) return "true or false";
        if (type == typeof(int) || type == typeof(long)) return "a whole number" + range;
        if (type == typeof(double)) return "a number" + range;
        return RecordShape.Of(type).Shorthand is null ? "an object" : "a text or an object";
    }

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
