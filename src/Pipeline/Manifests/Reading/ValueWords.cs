using DiffusionBatch.Pipeline.Manifests.Fields;

namespace DiffusionBatch.Pipeline.Manifests.Reading;

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
