using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace DiffusionBatch.Cli.Corpus;

/// <summary>Writes pairs as JSONL, <c>{"id","source","target"}</c>, in UTF-8 with line feeds.</summary>
internal static class PairFile
{
    static readonly JsonWriterOptions s_json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes a file as a whole: under another name first, so that a half of it is never seen.</summary>
    public static void Write(string path, IEnumerable<MessagePair> pairs)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        string partial = path + ".partial";
        using (var stream = File.Create(partial)) Write(stream, pairs);
        File.Move(partial, path, overwrite: true);
    }

    /// <summary>Writes to a stream, which stays open.</summary>
    public static void Write(Stream stream, IEnumerable<MessagePair> pairs)
    {
        var buffer = new ArrayBufferWriter<byte>();
        foreach (MessagePair pair in pairs)
        {
            using (var json = new Utf8JsonWriter(buffer, s_json))
            {
                json.WriteStartObject();
                json.WriteString("id", pair.Id);
                json.WriteString("source", pair.Source);
                json.WriteString("target", pair.Target);
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
