using System.Globalization;
using System.Text.Json;

namespace DiffusionBatch.Evaluation.Reporting.Html;

/// <summary>The traces for the player.</summary>
internal static class TraceJson
{
    const int Digits = 3; // a probability to 0.1 % is more than a colour shows

    /// <summary><c>{"tokens":{"id":text},"traces":[{"id","cell","candidate","steps":[{"step","write":[[position,id,logProbability]],"mask":[position]}]}]}</c>.</summary>
    public static void Write(Utf8JsonWriter json, ReportTraces traces)
    {
        json.WriteStartObject();
        json.WriteStartObject("tokens");
        foreach (var (id, text) in traces.Tokens.OrderBy(t => t.Key)) json.WriteString(id.ToString(CultureInfo.InvariantCulture), text);
        json.WriteEndObject();
        json.WriteStartArray("traces");
        foreach (var trace in traces.Traces)
        {
            json.WriteStartObject();
            json.WriteString("id", trace.Id);
            json.WriteNumber("cell", trace.Cell);
            json.WriteNumber("candidate", trace.Candidate);
            json.WriteStartArray("steps");
            foreach (var step in trace.Steps) Write(json, step);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    static void Write(Utf8JsonWriter json, ReportTraceStep step)
    {
        json.WriteStartObject();
        json.WriteNumber("step", step.Step);
        json.WriteStartArray("write");
        foreach (var (position, id, logProbability) in step.Write)
        {
            json.WriteStartArray();
            json.WriteNumberValue(position);
            json.WriteNumberValue(id);
            json.WriteNumberValue(float.IsFinite(logProbability) ? Math.Round((double)logProbability, Digits) : -99);
            json.WriteEndArray();
        }
        json.WriteEndArray();
        json.WriteStartArray("mask");
        foreach (int position in step.Mask) json.WriteNumberValue(position);
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
