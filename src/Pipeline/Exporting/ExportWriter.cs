using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace DiffusionBatch.Pipeline.Exporting;

/// <summary>Writes tables. Memory is that of some thousand rows, however many there are.</summary>
public static class ExportWriter
{
    const int Batch = 1000;

    static readonly JsonWriterOptions s_json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>Writes a table in one of the forms.</summary>
    public static Task WriteAsync(ExportTable table, ExportFormat format, Stream to, CancellationToken cancellationToken) => format switch
    {
        ExportFormat.Parquet => ParquetRows.WriteAsync(table, to, cancellationToken),
        ExportFormat.Csv => CsvAsync(table, to, cancellationToken),
        _ => JsonlAsync(table, to, cancellationToken),
    };

    static async Task CsvAsync(ExportTable table, Stream to, CancellationToken cancellationToken)
    {
        var text = new StringBuilder(string.Join(',', table.Columns.Select(Quoted))).Append("\r\n");
        int rows = 0;
        await foreach (ExportRow row in table.Rows.WithCancellation(cancellationToken))
        {
            text.AppendJoin(',', (string[])
            [
                Quoted(row.Job), Quoted(row.Cell), Quoted(row.Id), Quoted(row.Text), Number(row.Score), Number(row.Length), Number(row.Nfe),
                Quoted(row.ErrorCode),
                .. row.Metrics.Select(Number),
            ]).Append("\r\n");
            if (++rows % Batch == 0) await FlushAsync();
        }
        await FlushAsync();

        async Task FlushAsync()
        {
            await to.WriteAsync(Encoding.UTF8.GetBytes(text.ToString()), cancellationToken);
            text.Clear();
        }
    }

    static async Task JsonlAsync(ExportTable table, Stream to, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> columns = table.Columns;
        var buffer = new MemoryStream();
        int rows = 0;
        await foreach (ExportRow row in table.Rows.WithCancellation(cancellationToken))
        {
            using (var json = new Utf8JsonWriter(buffer, s_json)) Write(json, row, columns);
            buffer.WriteByte((byte)'\n');
            if (++rows % Batch == 0) await FlushAsync();
        }
        await FlushAsync();

        async Task FlushAsync()
        {
            buffer.Position = 0;
            await buffer.CopyToAsync(to, cancellationToken);
            buffer.SetLength(0);
        }
    }

    static void Write(Utf8JsonWriter json, ExportRow row, IReadOnlyList<string> columns)
    {
        json.WriteStartObject();
        json.WriteString("job", row.Job);
        json.WriteString("cell", row.Cell);
        json.WriteString("id", row.Id);
        json.WriteString("text", row.Text);
        Number("score", row.Score);
        Number("length", row.Length);
        Number("nfe", row.Nfe);
        json.WriteString("errorCode", row.ErrorCode);
        for (int i = 0; i < row.Metrics.Count; i++) Number(columns[ExportTable.Fixed.Count + i], row.Metrics[i]);
        json.WriteEndObject();

        void Number(string name, double? value)
        {
            if (value is { } known && double.IsFinite(known)) json.WriteNumber(name, known);
            else json.WriteNull(name);
        }
    }

    static string Number(double? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "";

    static string Number(long? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "";

    // An empty text is quoted, so that it differs from none.
    static string Quoted(string? text) =>
        text is null ? "" : text.Length > 0 && !text.AsSpan().ContainsAny(",\"\r\n")
            ? text
            : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
