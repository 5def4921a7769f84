using System.Text.Json;
using DiffusionBatch.Evaluation.Metrics;

namespace DiffusionBatch.Evaluation.Reporting.Html;

/// <summary>The figures that the page's charts and findings are made of.</summary>
internal static class ReportFigures
{
    /// <summary><c>{"currency","metrics":[{"name","better","decimals"}],"cells":[{"cell","series","steps","metrics","cost"}]}</c>.</summary>
    public static void Write(Utf8JsonWriter json, EvaluationReport report)
    {
        json.WriteStartObject();
        json.WriteString("currency", report.Cells.Select(c => c.Cost?.Currency).FirstOrDefault(c => c is not null));
        json.WriteStartArray("metrics");
        foreach (string metric in report.Metrics)
        {
            json.WriteStartObject();
            json.WriteString("name", metric);
            json.WriteString("better", report.Cells.Select(c => c.Score(metric)).First(s => s is not null)!.Better switch { MetricDirection.Higher => "higher", MetricDirection.Lower => "lower", _ => "neither" });
            json.WriteNumber("decimals", Figures.Decimals(report, metric));
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartArray("cells");
        foreach (var cell in report.Cells) Write(json, cell);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    static void Write(Utf8JsonWriter json, ReportCell cell)
    {
        json.WriteStartObject();
        json.WriteString("cell", cell.Cell);
        json.WriteString("series", cell.Series);
        Number(json, "steps", cell.Steps);
        json.WriteStartObject("metrics");
        foreach (var (name, score) in cell.Metrics)
        {
            json.WriteStartObject(name);
            Number(json, "score", score.Score);
            Number(json, "low", score.Low);
            Number(json, "high", score.High);
            json.WriteEndObject();
        }
        json.WriteEndObject();
        if (cell.Cost is { } cost)
        {
            json.WriteStartObject("cost");
            Number(json, "forwardPassesPerItem", cost.ForwardPassesPerItem);
            Number(json, "secondsPerItem", cost.SecondsPerItem);
            Number(json, "latencyMedian", cost.LatencyMedian);
            Number(json, "latencyP95", cost.LatencyP95);
            Number(json, "pricePerThousandItems", cost.PricePerThousandItems);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    static void Number(Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } number && double.IsFinite(number)) json.WriteNumber(name, number);
        else json.WriteNull(name);
    }
}
