using System.Text.Encodings.Web;
using System.Text.Json;
using DiffusionBatch.Pipeline.Files;

namespace DiffusionBatch.GpuWorker.Evaluating;

/// <summary>
/// <c>OUTPUT/unmatched.jsonl</c>: every id that didn't pair up, a line each, <c>{"cell","problem","id","file"?,"line"?}</c>
/// with the problem <c>missing</c>, <c>extra</c> or <c>duplicate</c>. Without any the file isn't made.
/// </summary>
internal sealed class UnmatchedFile : IDisposable
{
    /// <summary>The file's name inside a report's folder.</summary>
    public const string FileName = "unmatched.jsonl";

    static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    readonly string _path;
    readonly string _predictions;
    FileStream? _stream;
    Utf8JsonWriter? _json;

    /// <param name="folder">The report's folder.</param>
    /// <param name="predictions">Where the predictions lie: the lines' files are named from there.</param>
    public UnmatchedFile(string folder, string predictions)
    {
        Directory.CreateDirectory(folder);
        (_path, _predictions) = (Path.Combine(folder, FileName), predictions);
        File.Delete(_path);
    }

    /// <summary>Appends a line.</summary>
    /// <param name="cell">The cell.</param>
    /// <param name="problem">What is wrong with the id.</param>
    /// <param name="id">The id.</param>
    /// <param name="file">The prediction's file, by its full path; null for a missing one.</param>
    /// <param name="line">The prediction's line there, from 1.</param>
    public void Add(string cell, string problem, string id, string? file = null, int line = 0)
    {
        _stream ??= new FileStream(_path, FileMode.Create, FileAccess.Write, FileShare.Read, 1 << 16);
        if (_json is null) _json = new Utf8JsonWriter(_stream, s_options);
        else _json.Reset();
        _json.WriteStartObject();
        _json.WriteString("cell", cell);
        _json.WriteString("problem", problem);
        _json.WriteString("id", id);
        if (file is not null)
        {
            _json.WriteString("file", file == _predictions ? Path.GetFileName(file) : FolderFiles.Name(_predictions, file));
            _json.WriteNumber("line", line);
        }
        _json.WriteEndObject();
        _json.Flush();
        _stream.WriteByte((byte)'\n');
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _json?.Dispose();
        _stream?.Dispose();
    }
}
