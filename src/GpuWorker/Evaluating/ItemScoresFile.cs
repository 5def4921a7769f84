using System.Text.Encodings.Web;
using System.Text.Json;
using DiffusionBatch.Pipeline.Results;

namespace DiffusionBatch.GpuWorker.Evaluating;

/// <summary>
/// Writes <c>OUTPUT/scores.jsonl</c> (<see cref="ItemScores"/>): a line an item and cell, in the order in which they are scored.
/// </summary>
internal sealed class ItemScoresFile : IDisposable
{
    static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    readonly FileStream _stream;
    readonly Utf8JsonWriter _json;

    /// <param name="folder">The report's folder.</param>
    public ItemScoresFile(string folder)
    {
        Directory.CreateDirectory(folder);
        _stream = new FileStream(Path.Combine(folder, ItemScores.FileName), FileMode.Create, FileAccess.Write, FileShare.Read, 1 << 16);
        _json = new Utf8JsonWriter(_stream, s_options);
    }

    /// <summary>Begins an item's line.</summary>
    public void Begin(string cell, string id)
    {
        _json.Reset();
        _json.WriteStartObject();
        _json.WriteString("cell", cell);
        _json.WriteString("id", id);
        _json.WriteStartObject("metrics");
    }

    /// <summary>A score of the item; null, or not a number: it has none.</summary>
    public void Add(string metric, double? score)
    {
        if (score is { } known && double.IsFinite(known)) _json.WriteNumber(metric, known);
        else _json.WriteNull(metric);
    }

    /// <summary>Ends the item's line.</summary>
    public void End()
    {
        _json.WriteEndObject();
        _json.WriteEndObject();
        _json.Flush();
        _stream.WriteByte((byte)'\n');
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _json.Dispose();
        _stream.Dispose();
    }
}
