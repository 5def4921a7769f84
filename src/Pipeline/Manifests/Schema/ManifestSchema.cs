using System.Collections;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using DiffusionBatch.Contracts;
using DiffusionBatch.Contracts.Fields;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Contracts.Strategies;

namespace DiffusionBatch.Pipeline.Manifests.Schema;

/// <summary>The manifests' JSON Schema (draft 2020-12), made of the records. schemas/manifest.schema.json is its output.</summary>
public static class ManifestSchema
{
    static readonly JsonSerializerOptions Indented =
        new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The schema as text that ends in a line break.</summary>
    public static string Text() => Build().ToJsonString(Indented) + "\n";

    /// <summary>The schema.</summary>
    public static JsonObject Build()
    {
        var definitions = new SortedDictionary<string, JsonObject>(StringComparer.Ordinal);
        var schema = new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = "DiffusionBatch manifest",
            ["description"] = "One job (finetune, sample or evaluate), or a pipeline of them.",
        };
        foreach (var (name, value) in Reference(typeof(JobManifest), definitions).ToArray()) schema[name] = value?.DeepClone();
        schema["$defs"] = new JsonObject(definitions.Select(pair => KeyValuePair.Create<string, JsonNode?>(pair.Key, pair.Value)));
        return schema;
    }

    static JsonObject Reference(Type record, SortedDictionary<string, JsonObject> definitions, bool swept = false)
    {
        if (JobKinds.IsChosenByKind(record))
            return new JsonObject
            {
                ["oneOf"] =
                new JsonArray([.. JobKinds.Of(record).Select(pair => Reference(pair.Record, definitions))])
            };
        string name = EnumText.CamelCase(record.Name);
        if (!definitions.ContainsKey(name))
        {
            definitions[name] = []; // so that a record that holds itself ends here
            definitions[name] = Object(record, definitions, swept);
        }
        return new JsonObject { ["$ref"] = "#/$defs/" + name };
    }

    static JsonObject Object(Type record, SortedDictionary<string, JsonObject> definitions, bool swept)
    {
        var shape = RecordShape.Of(record);
        var properties = new JsonObject();
        var required = new JsonArray();
        if (JobKinds.TextOf(record) is { } kind)
        {
            properties["kind"] = new JsonObject { ["const"] = kind, ["description"] = "What is asked for." };
            required.Add("kind");
        }
        foreach (var field in shape.Fields)
        {
            properties[field.Name] = Field(field, shape.Strategy?.Strategy, definitions, swept);
            if (field.Required) required.Add(field.Name);
        }
        var schema = new JsonObject { ["type"] = "object", ["properties"] = properties, ["additionalProperties"] = false };
        if (required.Count > 0) schema["required"] = required;
        if (shape.ExactlyOne.Count > 0)
            schema["oneOf"] = new JsonArray([.. shape.ExactlyOne.Select(name => new JsonObject { ["required"] = new JsonArray(name) })]);
        if (shape.Needs.Count > 0)
            schema["dependentRequired"] =
                new JsonObject(
                    shape.Needs.Select(needs => KeyValuePair.Create<string, JsonNode?>(needs.Field, new JsonArray(needs.Other))));
        if (shape.Shorthand is null) return schema;
        var text = One(shape[shape.Shorthand]!, definitions, swept);
        return new JsonObject { ["anyOf"] = new JsonArray(text, schema) };
    }

    // Within settings that are swept over, a value may be a list of such values.
    static JsonObject Field(FieldShape field, StrategyKind? strategies, SortedDictionary<string, JsonObject> definitions, bool swept)
    {
        JsonObject schema;
        if (field.ItemType is not null)
        {
            schema = new JsonObject { ["type"] = "array", ["items"] = One(field, definitions, swept) };
            if (field.Count is { Minimum: > 0 and var minimum }) schema["minItems"] = minimum;
            if (field.Count is { Maximum: < int.MaxValue and var maximum }) schema["maxItems"] = maximum;
        }
        else if (swept && !RecordShape.IsRecord(field.Type))
        {
            var list = new JsonObject
            {
                ["type"] = "array",
                ["items"] = One(field, definitions, swept),
                ["minItems"] = 1,
                ["uniqueItems"] = true
            };
            schema = new JsonObject { ["anyOf"] = new JsonArray(One(field, definitions, swept), list) };
        }
        else schema = One(field, definitions, swept);
        schema["description"] = field.Describe(strategies) + (field.Field.Default is { } words ? $" Default: {words}." : "");
        if (Default(field) is { } value) schema["default"] = value;
        return schema;
    }

    static JsonObject One(FieldShape field, SortedDictionary<string, JsonObject> definitions, bool swept)
    {
        var type = field.ItemType ?? field.Type;
        if (field.SweptType is { } settings) return Reference(settings, definitions, swept: true);
        if (RecordShape.IsRecord(type)) return Reference(type, definitions, swept);
        if (field.Choices is { } choices) return new JsonObject { ["enum"] = new JsonArray([.. choices.Select(c => JsonValue.Create(c))]) };
        if (type == typeof(bool)) return new JsonObject { ["type"] = "boolean" };
        if (type == typeof(string))
        {
            var text = new JsonObject { ["type"] = "string" };
            if ((field.Path is null ? field.Pattern?.Expression : Patterns.Path) is { } pattern) text["pattern"] = pattern;
            return text;
        }
        var number = new JsonObject { ["type"] = type == typeof(double) ? "number" : "integer" };
        if (field.Within is not { } within) return number;
        if (double.IsFinite(within.Minimum)) number[within.AboveMinimum ? "exclusiveMinimum" : "minimum"] = Number(within.Minimum);
        if (double.IsFinite(within.Maximum)) number[within.BelowMaximum ? "exclusiveMaximum" : "maximum"] = Number(within.Maximum);
        return double.IsNaN(within.Also)
            ? number
            : new JsonObject { ["anyOf"] = new JsonArray(number, new JsonObject { ["const"] = Number(within.Also) }) };
    }

    static JsonNode? Default(FieldShape field) =>
        field.Default is null or ISweep || RecordShape.IsRecord(field.Type) ? null : Plain(field.Default);

    static JsonNode? Plain(object value) => value switch
    {
        string text => JsonValue.Create(text),
        bool truth => JsonValue.Create(truth),
        Enum constant => JsonValue.Create(EnumText.Of(constant)),
        MetricSpec metric => JsonValue.Create(metric.Label),
        IEnumerable items => new JsonArray([.. items.Cast<object>().Select(Plain)]),
        _ => Number(Convert.ToDouble(value, System.Globalization.CultureInfo.InvariantCulture)),
    };

    static JsonValue Number(double value) =>
        value == Math.Truncate(value) && Math.Abs(value) < 1e18 ? JsonValue.Create((long)value) : JsonValue.Create(value);
}
