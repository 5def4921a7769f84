using System.Collections;
using System.Globalization;
using DiffusionBatch.Contracts.Fields;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Pipeline.Manifests.Reading;

namespace DiffusionBatch.Pipeline.Manifests.Schema;

/// <summary>The tables of docs/manifests.md, made of the records.</summary>
public static class FieldTables
{
    /// <summary>A manifest's fields and those of the objects in it, one row each: field, takes, default, meaning.</summary>
    public static string Of(Type record)
    {
        var rows = new List<string> { "| field | takes | default | meaning |", "|---|---|---|---|" };
        if (JobKinds.TextOf(record) is { } kind) rows.Add($"| `kind` | `{kind}` | required | What is asked for. |");
        Add(record, "", rows);
        return string.Join('\n', rows) + "\n";
    }

    static void Add(Type record, string under, List<string> rows, bool swept = false)
    {
        var shape = RecordShape.Of(record);
        foreach (var field in shape.Fields)
        {
            string path = under + field.Name;
            rows.Add($"| `{path}` | {Takes(field, swept)} | {Default(field)} | {Cell(field.Describe(shape.Strategy?.Strategy))} |");
            if (field.SweptType is { } settings) Add(settings, path + ".", rows, swept: true);
            else if (RecordShape.IsRecord(field.Type)) Add(field.Type, path + ".", rows, swept);
            else if (field.ItemType is { } item && RecordShape.IsRecord(item) && !JobKinds.IsChosenByKind(item))
                Add(item, path + "[].", rows);
        }
    }

    static string Takes(FieldShape field, bool swept)
    {
        if (field.Choices is { } choices) return string.Join(", ", choices.Select(c => $"`{c}`")) + (swept ? ", or a list of these" : "");
        if (field.Type == typeof(string) && field.Path is null && field.Name == "name")
            return "a name: 1 to 63 of `a-z`, `0-9`, `-`, the first not `-`";
        var item = field.ItemType;
        if (item is not null && JobKinds.IsChosenByKind(item)) return "a list of at least 1 job";
        if (item is not null && item != typeof(string) && !RecordShape.IsRecord(item))
            return $"{ValueWords.Expected(field)}, each {ValueWords.One(item, field)}";
        return item == typeof(string) ? "a list of texts" : Cell(ValueWords.Expected(field, swept));
    }

    static string Default(FieldShape field) =>
        field.Required ? "required"
        : field.Field.Default is { } words ? Cell(words)
        : field.Default is null ? "none"
        : field.SweptType is not null || RecordShape.IsRecord(field.Type) ? "as below"
        : Cell(Value(field.Default));

    static string Value(object value) => value switch
    {
        string text => $"`{text}`",
        bool truth => truth ? "`true`" : "`false`",
        Enum constant => $"`{EnumText.Of(constant)}`",
        MetricSpec metric => $"`{metric.Label}`",
        IEnumerable items => items.Cast<object>().Any() ? string.Join(", ", items.Cast<object>().Select(Value)) : "none",
        _ => $"`{Convert.ToString(value, CultureInfo.InvariantCulture)}`",
    };

    static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
