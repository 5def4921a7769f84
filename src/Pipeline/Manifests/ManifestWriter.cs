using System.Collections;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using DiffusionBatch.Pipeline.Manifests.Fields;

namespace DiffusionBatch.Pipeline.Manifests;

/// <summary>Writes manifests' records as JSON, with every default spelled out.</summary>
public static class ManifestWriter
{
    static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A manifest as indented JSON that reads again to an equal manifest.</summary>
    public static string Write(JobManifest manifest) => Object(manifest).ToJsonString(Indented);

    /// <summary>A manifest as a JSON object.</summary>
    public static JsonObject ToJson(JobManifest manifest) => Object(manifest);

    static JsonObject Object(object record)
    {
        var result = new JsonObject();
        if (record is JobManifest job) result["kind"] = EnumText.Of(job.Kind);
        foreach (var field in RecordShape.Of(record.GetType()).Fields)
        {
            if (field.Property.GetValue(record) is { } value && !IsBeside(record, field)) result[field.Name] = Value(value);
        }
        return result;
    }

    // A default beside which the field it needs is absent (vocabularySize without train) would not read again.
    static bool IsBeside(object record, FieldShape field)
    {
        var shape = RecordShape.Of(record.GetType());
        return shape.Needs.Any(needs => needs.Field == field.Name
            && shape.Fields.First(other => other.Name == needs.Other).Property.GetValue(record) is null)
            || (record is SamplerSpec sampler && field.Name == "noise" && !sampler.Order.Values.Contains(RankingOrder.Stochastic))
            || (record is LengthSpec length && field.Name == "beam" && !length.Source.Values.Contains(LengthSource.Predicted));
    }

    static JsonNode Value(object value) => value switch
    {
        string text => JsonValue.Create(text),
        bool truth => JsonValue.Create(truth),
        int number => JsonValue.Create(number),
        long number => JsonValue.Create(number),
        double number => JsonValue.Create(number),
        Enum constant => JsonValue.Create(EnumText.Of(constant)),
        IOneOrMany { IsList: false } setting => Value(setting.Objects[0]),
        IOneOrMany setting => List(setting.Objects),
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
