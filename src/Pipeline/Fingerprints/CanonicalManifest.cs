using System.Collections;
using System.Reflection;
using System.Text.Json.Nodes;
using DiffusionBatch.Contracts;
using DiffusionBatch.Contracts.Fields;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Pipeline.Manifests;

namespace DiffusionBatch.Pipeline.Fingerprints;

/// <summary>
/// The text of a manifest that its fingerprint is over: every field that can change a result, defaults spelled out,
/// in ordinal order, without <c>name</c>, <c>output</c> and the fields that only change speed or conduct.
/// Two manifests that ask for the same have the same text, however they are written.
/// </summary>
public static class CanonicalManifest
{
    /// <summary>The canonical text of a job's manifest, one line of JSON.</summary>
    public static string Of(WorkManifest manifest)
    {
        JsonObject fields = Fields(manifest);
        fields.Remove("name");
        fields.Remove("output");
        fields.Insert(0, "kind", EnumText.Of(manifest.Kind));
        return fields.ToJsonString();
    }

    static JsonObject Fields(object record)
    {
        var fields = new JsonObject();
        foreach (PropertyInfo property in record.GetType().GetProperties().OrderBy(p => p.Name, StringComparer.Ordinal))
            if (property.GetCustomAttribute<FieldAttribute>() is { Fingerprinted: true } && property.GetValue(record) is { } value)
                fields[EnumText.CamelCase(property.Name)] = Node(value);
        return fields;
    }

    static JsonNode Node(object value) => value switch
    {
        string text => JsonValue.Create(text),
        bool flag => JsonValue.Create(flag),
        int number => JsonValue.Create(number),
        long number => JsonValue.Create(number),
        double number => JsonValue.Create(number),
        Enum choice => JsonValue.Create(EnumText.Of(choice)),
        ISweep sweep => Swept(sweep),
        IEnumerable list => Array(list.Cast<object>()),
        _ => Fields(value),
    };

    // A list of one value names its cells otherwise than the value alone.
    static JsonObject Swept(ISweep sweep)
    {
        var fields = Fields(sweep.Settings);
        foreach (var list in sweep.Lists)
        {
            string[] path = list.Path.Split('.');
            path[..^1].Aggregate(fields, (at, name) => (JsonObject)at[name]!)[path[^1]] = Array(list.Values);
        }
        return fields;
    }

    static JsonArray Array(IEnumerable<object> values) => [.. values.Select(Node)];
}
