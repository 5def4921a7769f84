using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using DiffusionBatch.Contracts;
using DiffusionBatch.Contracts.OpenAi;

namespace DiffusionBatch.Functions.OpenApi;

/// <summary>The schemas of what the API answers, made from the very types that it writes.</summary>
internal static class ApiSchemas
{
    /// <summary>A type's name in the document.</summary>
    public static string NameOf(Type type) => type.IsGenericType ? NameOf(type.GetGenericArguments()[0]) + "Page"
        : type.Name.EndsWith("View", StringComparison.Ordinal) ? type.Name[..^4] : type.Name;

    /// <summary>The schemas of these types by their names.</summary>
    public static JsonObject Of(IEnumerable<Type> types)
    {
        var schemas = new JsonObject();
        foreach (Type type in types.Distinct().OrderBy(NameOf, StringComparer.Ordinal))
            schemas[NameOf(type)] = Rebased(
                (type.Namespace == typeof(OpenAiJson).Namespace ? OpenAiJson.Default.Options : ApiJson.All).GetJsonSchemaAsNode(type,
                    new JsonSchemaExporterOptions { TreatNullObliviousAsNonNullable = true }),
                "#/components/schemas/" + NameOf(type));
        return schemas;
    }

    /// <summary>A schema that refers to its own parts from its root, for a place inside a document.</summary>
    public static JsonNode Rebased(JsonNode schema, string root)
    {
        if (schema is JsonObject node)
        {
            if (node["$ref"] is JsonValue reference && reference.GetValueKind() == JsonValueKind.String
                && reference.GetValue<string>() is ['#', ..] pointer)
                node["$ref"] = root + pointer[1..];
            foreach (var (_, child) in node.ToArray())
                if (child is not null) Rebased(child, root);
        }
        else if (schema is JsonArray list)
        {
            foreach (JsonNode? child in list)
                if (child is not null) Rebased(child, root);
        }
        return schema;
    }
}
