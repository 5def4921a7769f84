using System.Buffers;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using DiffusionBatch.Evaluation.Metrics;

namespace DiffusionBatch.Evaluation.Reporting.Html;

/// <summary>
/// The page's data: JSON in script elements, one for the figures, one for the traces, one for the items and one for each
/// cell's texts, so that a reader's browser parses only what is looked at. The texts are compressed (gzip in base64): a page
/// of 20,000 items is a third as large and opens in a third of the time.
/// </summary>
/// <param name="page">Takes the elements as UTF-8.</param>
internal sealed class PageData(Stream page)
{
    static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes all that a report has.</summary>
    public void Write(EvaluationReport report)
    {
        Element("report", json => ReportFigures.Write(json, report));
        if (report.Items.Count > 0)
        {
            Compressed("items", json => ReportTexts.WriteItems(json, report.Items));
            for (int cell = 0; cell < report.Cells.Count; cell++)
            {
                int place = cell;
                Compressed($"texts-{place}", json => ReportTexts.WriteCell(json, report.Items, place));
            }
        }
        if (report.Traces is { } traces) Element("traces", json => TraceJson.Write(json, traces));
    }

    void Compressed(string name, Action<Utf8JsonWriter> write)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        using (var json = new Utf8JsonWriter(gzip, s_options)) write(json);
        page.Write(Encoding.ASCII.GetBytes($"<script type=\"application/gzip\" "
            + $"id=\"data-{name}\">{Convert.ToBase64String(packed.GetBuffer(), 0, (int)packed.Length)}</script>\n"));
    }

    void Element(string name, Action<Utf8JsonWriter> write)
    {
        var text = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(text, s_options)) write(json);
        page.Write(Encoding.UTF8.GetBytes($"<script type=\"application/json\" id=\"data-{name}\">"));
        // Only strings hold a <, and in them \u003c is the same; so no text can end the element.
        ReadOnlySpan<byte> rest = text.WrittenSpan;
        for (int at; (at = rest.IndexOf((byte)'<')) >= 0; rest = rest[(at + 1)..])
        {
            page.Write(rest[..at]);
            page.Write("\\u003c"u8);
        }
        page.Write(rest);
        page.Write("</script>\n"u8);
    }
}

/// <summary>The figures that the page's charts and findings are made of.</summary>
internal static class ReportFigures
{
    /// <summary>
    /// <c>{"currency","metrics":[{"name","better","decimals"}],"cells":[{"cell","series","steps","metrics","cost"}],
    /// "curves":[{"section","title","x","y","decimals","curves":[{"name","points":[[x,y]]}]}]}</c>.
    /// </summary>
    public static void Write(Utf8JsonWriter json, EvaluationReport report)
    {
        json.WriteStartObject();
        json.WriteString("currency", report.Cells.Select(c => c.Cost?.Currency).FirstOrDefault(c => c is not null));
        json.WriteStartArray("metrics");
        foreach (string metric in report.Metrics)
        {
            json.WriteStartObject();
            json.WriteString("name", metric);
            json.WriteString("better", report.Cells.Select(c => c.Score(metric))
                .First(s => s is not null)!.Better switch
            {
                MetricDirection.Higher => "higher",
                MetricDirection.Lower => "lower",
                _ => "neither"
            });
            json.WriteNumber("decimals", Figures.Decimals(report, metric));
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartArray("cells");
        foreach (var cell in report.Cells) Write(json, cell);
        json.WriteEndArray();
        json.WriteStartArray("curves");
        foreach (var chart in CurveChart.Of(report)) Write(json, chart);
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

    static void Write(Utf8JsonWriter json, CurveChart chart)
    {
        json.WriteStartObject();
        json.WriteString("section", chart.Section);
        json.WriteString("title", chart.Title);
        json.WriteString("x", chart.X);
        json.WriteString("y", chart.Y);
        json.WriteNumber("decimals", chart.Decimals);
        json.WriteStartArray("curves");
        foreach (var curve in chart.Curves)
        {
            json.WriteStartObject();
            json.WriteString("name", curve.Name);
            json.WriteStartArray("points");
            foreach (var (x, y) in curve.Points)
            {
                json.WriteStartArray();
                json.WriteNumberValue(x);
                json.WriteNumberValue(y);
                json.WriteEndArray();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    static void Number(Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } number && double.IsFinite(number)) json.WriteNumber(name, number);
        else json.WriteNull(name);
    }
}

/// <summary>The items' texts, column by column.</summary>
internal static class ReportTexts
{
    /// <summary><c>{"ids":[...],"sources":[text or null, ...] or null,"references":[[text, ...], ...]}</c>.</summary>
    public static void WriteItems(Utf8JsonWriter json, IReadOnlyList<ReportItem> items)
    {
        json.WriteStartObject();
        json.WriteStartArray("ids");
        foreach (var item in items) Text(json, item.Id);
        json.WriteEndArray();
        if (items.All(i => i.Source is null)) json.WriteNull("sources");
        else
        {
            json.WriteStartArray("sources");
            foreach (var item in items) Text(json, item.Source);
            json.WriteEndArray();
        }
        json.WriteStartArray("references");
        foreach (var item in items)
        {
            json.WriteStartArray();
            foreach (string reference in item.References) Text(json, reference);
            json.WriteEndArray();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>What a cell made of each item: a text, <c>{"error":code}</c>, or null where it has no prediction.</summary>
    public static void WriteCell(Utf8JsonWriter json, IReadOnlyList<ReportItem> items, int cell)
    {
        json.WriteStartArray();
        foreach (var item in items)
        {
            ReportHypothesis hypothesis = item.Hypotheses[cell];
            if (hypothesis.Error is null || hypothesis.Text is not null) Text(json, hypothesis.Text);
            else
            {
                json.WriteStartObject();
                json.WriteString("error", hypothesis.Error);
                json.WriteEndObject();
            }
        }
        json.WriteEndArray();
    }

    /// <summary>A text; half characters, which UTF-8 can't hold, become U+FFFD.</summary>
    static void Text(Utf8JsonWriter json, string? text)
    {
        if (text is null) json.WriteNullValue();
        else json.WriteStringValue(string.Create(text.Length, text, static (to, from) =>
        {
            from.CopyTo(to);
            for (int i = 0; i < to.Length; i++)
            {
                if (!char.IsSurrogate(to[i])) continue;
                if (i + 1 < to.Length && char.IsSurrogatePair(to[i], to[i + 1])) i++;
                else to[i] = '\uFFFD';
            }
        }));
    }
}

/// <summary>The traces for the player.</summary>
internal static class TraceJson
{
    const int Digits = 3; // a probability to 0.1 % is more than a colour shows

    /// <summary>
    /// <c>{"tokens":{"id":text},"traces":[TRACE]}</c>, each trace
    /// <c>{"id","cell","candidate","steps":[{"step","write":[[position,id,logProbability]],"mask":[position]}]}</c>.
    /// </summary>
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
