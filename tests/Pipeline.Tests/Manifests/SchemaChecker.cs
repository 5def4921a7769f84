using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace DiffusionBatch.Pipeline.Tests.Manifests;

/// <summary>
/// Checks documents against the part of JSON Schema 2020-12 that the manifests' schema uses, and nothing else: an
/// unknown keyword is an error of the test. It shares no code with the binder.
/// </summary>
internal sealed class SchemaChecker(JsonObject schema)
{
    public bool Accepts(JsonNode? document) => Accepts(schema, document);

    bool Accepts(JsonObject rules, JsonNode? value)
    {
        foreach (var (keyword, rule) in rules)
            if (!Holds(keyword, rule!, value, rules)) return false;
        return true;
    }

    bool Holds(string keyword, JsonNode rule, JsonNode? value, JsonObject rules) => keyword switch
    {
        "$schema" or "$defs" or "title" or "description" or "default" => true,
        "$ref" => Accepts(Definition((string)rule!), value),
        "oneOf" => rule.AsArray().Count(option => Accepts(option!.AsObject(), value)) == 1,
        "anyOf" => rule.AsArray().Any(option => Accepts(option!.AsObject(), value)),
        "type" => Is((string)rule!, value),
        "enum" => rule.AsArray().Any(option => JsonNode.DeepEquals(option, value)),
        "const" => JsonNode.DeepEquals(rule, value) || (Number(value) is { } number && number == Number(rule)),
        "pattern" => value?.GetValueKind() != JsonValueKind.String || Regex.IsMatch((string)value!, ((string)rule!).Replace("$", @"\z")),
        "minimum" => Number(value) is not { } number || number >= Number(rule),
        "maximum" => Number(value) is not { } number || number <= Number(rule),
        "exclusiveMinimum" => Number(value) is not { } number || number > Number(rule),
        "exclusiveMaximum" => Number(value) is not { } number || number < Number(rule),
        "minItems" => value is not JsonArray list || list.Count >= (int)rule,
        "maxItems" => value is not JsonArray list || list.Count <= (int)rule,
        "uniqueItems" => value is not JsonArray list
            || list.Select(item => Number(item)?.ToString() ?? item?.ToJsonString()).Distinct().Count() == list.Count,
        "items" => value is not JsonArray list || list.All(item => Accepts(rule.AsObject(), item)),
        "required" => value is not JsonObject o || rule.AsArray().All(name => o.ContainsKey((string)name!)),
        "dependentRequired" => value is not JsonObject o
            || rule.AsObject().All(pair => !o.ContainsKey(pair.Key) || pair.Value!.AsArray().All(name => o.ContainsKey((string)name!))),
        "properties" => value is not JsonObject o
            || rule.AsObject().All(pair => !o.ContainsKey(pair.Key) || Accepts(pair.Value!.AsObject(), o[pair.Key])),
        "additionalProperties" => value is not JsonObject o || o.All(pair => rules["properties"]!.AsObject().ContainsKey(pair.Key)),
        _ => throw new InvalidOperationException($"The schema uses the keyword {keyword}, which this checker doesn't know."),
    };

    JsonObject Definition(string reference) => schema["$defs"]![reference["#/$defs/".Length..]]!.AsObject();

    static bool Is(string type, JsonNode? value) => type switch
    {
        "object" => value is JsonObject,
        "array" => value is JsonArray,
        "string" => value?.GetValueKind() == JsonValueKind.String,
        "boolean" => value?.GetValueKind() is JsonValueKind.True or JsonValueKind.False,
        "number" => Number(value) is not null,
        "integer" => Number(value) is { } number && number == Math.Truncate(number),
        _ => throw new InvalidOperationException($"Unknown type {type}."),
    };

    static double? Number(JsonNode? value) =>
        value?.GetValueKind() == JsonValueKind.Number ? JsonSerializer.Deserialize<double>(value) : null;
}
