using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace DiffusionBatch.Cli.Corpus;

/// <summary>Writes pairs as JSONL, <c>{"id","source","target"}</c>, and texts, <c>{"id","source"}</c>, in UTF-8 with line feeds.</summary>
internal static class PairFile
{
    static readonly JsonWriterOptions s_json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes a file of pairs as a whole: under another name first, so that a half of it is never seen.</summary>
    public static void Write(string path, IEnumerable<MessagePair> pairs) => Write(path, stream => Write(stream, pairs));

    /// <summary>Writes a file of texts as a whole.</summary>
    public static void Write(string path, IEnumerable<TextLine> texts) => Write(path, stream => Write(stream, texts));

    /// <summary>Writes pairs to a stream, which stays open.</summary>
    public static void Write(Stream stream, IEnumerable<MessagePair> pairs) =>
        Write(stream, pairs.Select(p => (p.Id, p.Source, (string?)p.Target)));

    /// <summary>Writes texts to a stream, which stays open.</summary>
    public static void Write(Stream stream, IEnumerable<TextLine> texts) => Write(stream, texts.Select(t => (t.Id, t.Text, (string?)null)));

    static void Write(string path, Action<Stream> write)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        string partial = path + ".partial";
        using (var stream = File.Create(partial)) write(stream);
        File.Move(partial, path, overwrite: true);
    }

    static void Write(Stream stream, IEnumerable<(string Id, string Source, string? Target)> lines)
    {
        var buffer = new ArrayBufferWriter<byte>();
        foreach (var (id, source, target) in lines)
        {
            using (var json = new Utf8JsonWriter(buffer, s_json))
            {
                json.WriteStartObject();
                json.WriteString("id", id);
                json.WriteString("source", source);
                if (target is not null) json.WriteString("target", target);
                json.WriteEndObject();
            }
            buffer.Write("\n"u8);
            if (buffer.WrittenCount < 1 << 16) continue;
            stream.Write(buffer.WrittenSpan);
            buffer.ResetWrittenCount();
        }
        stream.Write(buffer.WrittenSpan);
    }
}

/// <summary>A message and its human translation, one line of a JSONL file.</summary>
/// <param name="Id">Unique in the file; for extracted pairs a function of the two texts.</param>
/// <param name="Source">The text to translate.</param>
/// <param name="Target">Its translation.</param>
internal sealed record MessagePair(string Id, string Source, string Target);

/// <summary>A text to pretrain on, one line of a JSONL file.</summary>
/// <param name="Id">Unique in the file; a function of the text.</param>
/// <param name="Text">The text, on one line.</param>
internal sealed record TextLine(string Id, string Text);
