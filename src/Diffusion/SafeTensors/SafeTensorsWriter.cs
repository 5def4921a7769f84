using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using DiffusionBatch.Diffusion.Files;

namespace DiffusionBatch.Diffusion.SafeTensors;

/// <summary>
/// Writes safetensors files: tensors in ordinal order of their names, the same bytes for the same tensors, and the file
/// whole or not at all. Tensors are added by reference and read when the file is written.
/// </summary>
public sealed class SafeTensorsWriter
{
    /// <summary>The header is padded with spaces so that the data start at a multiple of this.</summary>
    const int Alignment = 8;

    readonly SortedDictionary<string, (SafeTensorType Type, long[] Shape, Action<Stream> Write)> _tensors = new(StringComparer.Ordinal);
    readonly SortedDictionary<string, string> _metadata = new(StringComparer.Ordinal) { ["format"] = "pt" };

    /// <summary>Adds a string to the header's <c>__metadata__</c>.</summary>
    public void AddMetadata(string name, string value) => _metadata[name] = value;

    /// <summary>Adds a float32 tensor whose row-major elements are <paramref name="values"/>.</summary>
    public void Add(string name, ReadOnlyMemory<float> values, params long[] shape) =>
        Add(name, SafeTensorType.F32, shape, values.Length, stream => stream.Write(MemoryMarshal.AsBytes(values.Span)));

    /// <summary>Adds an int64 tensor whose row-major elements are <paramref name="values"/>.</summary>
    public void Add(string name, ReadOnlyMemory<long> values, params long[] shape) =>
        Add(name, SafeTensorType.I64, shape, values.Length, stream => stream.Write(MemoryMarshal.AsBytes(values.Span)));

    /// <summary>Adds a tensor whose <paramref name="elements"/> are written by <paramref name="write"/> as little-endian bytes.</summary>
    /// <exception cref="ArgumentException">The shape and the number of elements differ, or the name is taken.</exception>
    public void Add(string name, SafeTensorType type, long[] shape, long elements, Action<Stream> write)
    {
        ArgumentNullException.ThrowIfNull(shape);
        if (shape.Aggregate(1L, (a, b) => a * b) != elements)
            throw new ArgumentException($"{name}: {elements} elements don't fill {SafeTensorInfo.Describe(shape)}.", nameof(shape));
        if (!_tensors.TryAdd(name, (type, shape, write))) throw new ArgumentException($"{name} was added already.", nameof(name));
    }

    /// <summary>Writes the file, replacing one that exists.</summary>
    public void Save(string path) => AtomicFile.Write(path, stream =>
    {
        byte[] header = Header();
        Span<byte> prefix = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(prefix, (ulong)header.Length);
        stream.Write(prefix);
        stream.Write(header);
        foreach (var (name, (type, shape, write)) in _tensors)
        {
            long start = stream.Position;
            write(stream);
            long length = shape.Aggregate((long)type.Size(), (a, b) => a * b);
            if (stream.Position - start != length)
                throw new InvalidOperationException($"{name}: {stream.Position - start} bytes were written, not {length}.");
        }
    });

    byte[] Header()
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteStartObject("__metadata__");
            foreach (var (name, value) in _metadata) json.WriteString(name, value);
            json.WriteEndObject();
            long at = 0;
            foreach (var (name, (type, shape, _)) in _tensors)
            {
                json.WriteStartObject(name);
                json.WriteString("dtype", type.ToString());
                json.WriteStartArray("shape");
                foreach (long d in shape) json.WriteNumberValue(d);
                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(at);
                at += shape.Aggregate((long)type.Size(), (a, b) => a * b);
                json.WriteNumberValue(at);
                json.WriteEndArray();
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
        while (buffer.Length % Alignment != 0) buffer.WriteByte((byte)' ');
        return buffer.ToArray();
    }
}
