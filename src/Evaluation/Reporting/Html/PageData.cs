using System.Buffers;
using System.IO.Compression;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

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
        page.Write(Encoding.ASCII.GetBytes($"<script type=\"application/gzip\" id=\"data-{name}\">{Convert.ToBase64String(packed.GetBuffer(), 0, (int)packed.Length)}</script>\n"));
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
