using System.Collections;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using DiffusionBatch.Contracts.Fields;
using DiffusionBatch.Contracts.Manifests;

namespace DiffusionBatch.Pipeline.Manifests;

/// <summary>Writes manifests' records as JSON, with every default spelled out.</summary>
public static class ManifestWriter
{
    static readonly JsonSerializerOptions Indented =
        new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A manifest as indented JSON that reads again to an equal manifest.</summary>
    public static string Write(JobManifest manifest) => Object(manifest).ToJsonString(Indented);

    /// <summary>A manifest as a JSON object.</summary>
    public static JsonObject ToJson(JobManifest manifest) => Object(manifest);

    /// <summary>Settings as a JSON object with the manifest's field names: a cell's <c>sampler</c> in results and reports.</summary>
    public static JsonObject ToJson(SamplerSettings settings) => Object(settings);

    static JsonObject Object(object record, ISweep? sweep = null, string prefix = "")
    {
        var result = new JsonObject();
        if (record is JobManifest job) result["kind"] = EnumText.Of(job.Kind);
        var shape = RecordShape.Of(record.GetType());
        foreach (var field in shape.Fields)
        {
            if (field.Property.GetValue(record) is not { } value || IsBeside(record, field)) continue;
            string path = prefix + field.Name;
            if (sweep is null ? !shape.Applies(field, record) : !shape.Applies(field, other => sweep.ValuesOf(prefix + other.Name)))
                continue;
            result[field.Name] = value is ISweep inner ? Object(inner.Settings, inner)
                : sweep?.Lists.FirstOrDefault(l => l.Path == path) is { } list ? List(list.Values)
                : sweep is not null && RecordShape.IsRecord(field.Type) ? Object(value, sweep, path + ".")
                : Value(value);
        }
        return result;
    }

    // A default beside which the field it needs is absent (vocabularySize without train) would not read again.
    static bool IsBeside(object record, FieldShape field)
    {
        var shape = RecordShape.Of(record.GetType());
        return shape.Needs.Any(needs => needs.Field == field.Name && shape[needs.Other]!.Property.GetValue(record) is null);
    }

    static JsonNode Value(object value) => value switch
    {
        string text => JsonValue.Create(text),
        bool truth => JsonValue.Create(truth),
        int number => JsonValue.Create(number),
        long number => JsonValue.Create(number),
        double number => JsonValue.Create(number),
        Enum constant => JsonValue.Create(EnumText.Of(constant)),
        IEnumerable items => List(items),
        _ => Object(value),
    };

    static JsonArray List(IEnumerable items)
    {
        var list = new JsonArray();
        foreach (object item in items) list.Add(Value(item));
        return list;
    }
}
