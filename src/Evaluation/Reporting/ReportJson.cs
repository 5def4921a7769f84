using System.Text.Encodings.Web;
using System.Text.Json;
using DiffusionBatch.Evaluation.Cost;

namespace DiffusionBatch.Evaluation.Reporting;

/// <summary><c>report.json</c>: cells with their settings, scores and cost; numbers in shortest round-trip form.</summary>
public static class ReportJson
{
    static readonly JsonWriterOptions s_options = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The file's bytes.</summary>
    public static byte[] ToBytes(EvaluationReport report)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, s_options))
        {
            json.WriteStartObject();
            json.WriteStartArray("cells");
            foreach (var cell in report.Cells) Write(json, cell);
            json.WriteEndArray();
            if (report.Notes.Count > 0)
            {
                json.WriteStartArray("notes");
                foreach (string note in report.Notes) json.WriteStringValue(note);
                json.WriteEndArray();
            }
            json.WriteEndObject();
        }
        stream.WriteByte((byte)'\n');
        return stream.ToArray();
    }

    static void Write(Utf8JsonWriter json, ReportCell cell)
    {
        json.WriteStartObject();
        json.WriteString("cell", cell.Cell);
        json.WritePropertyName("sampler");
        if (cell.Sampler is null) json.WriteNullValue();
        else cell.Sampler.WriteTo(json);
        json.WriteStartObject("metrics");
        foreach (var (name, score) in cell.Metrics)
        {
            json.WriteStartObject(name);
            Number(json, "score", score.Score);
            json.WriteString("signature", score.Signature);
            if (score.Low is not null) Number(json, "low", score.Low);
            if (score.High is not null) Number(json, "high", score.High);
            if (score.Spread is not null) Number(json, "spread", score.Spread);
            json.WriteEndObject();
        }
        json.WriteEndObject();
        if (cell.Cost is not null) Write(json, cell.Cost);
        json.WriteEndObject();
    }

    static void Write(Utf8JsonWriter json, CellCost cost)
    {
        json.WriteStartObject("cost");
        json.WriteNumber("items", cost.Items);
        json.WriteNumber("forwardPasses", cost.ForwardPasses);
        json.WriteNumber("forwardPassesPerItem", cost.ForwardPassesPerItem);
        json.WriteNumber("tokens", cost.Tokens);
        Number(json, "seconds", cost.Seconds);
        Number(json, "secondsPerItem", cost.SecondsPerItem);
        Number(json, "tokensPerSecond", cost.TokensPerSecond);
        json.WriteEndObject();
    }

    /// <summary>A number; null where it isn't known or isn't finite, which JSON can't say.</summary>
    static void Number(Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } number && double.IsFinite(number)) json.WriteNumber(name, number);
        else json.WriteNull(name);
    }
}
