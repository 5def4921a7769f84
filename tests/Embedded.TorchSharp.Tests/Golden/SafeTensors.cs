using System.Buffers.Binary;
using System.Text.Json;
using static TorchSharp.torch;

namespace DiffusionBatch.Embedded.TorchSharp.Tests.Golden;

/// <summary>Reads the float32, int64 and bool tensors of a small safetensors file.</summary>
internal sealed class SafeTensors
{
    readonly byte[] data;
    readonly JsonElement header;
    readonly int start;

    public SafeTensors(string path) : this(File.ReadAllBytes(path))
    {
    }

    SafeTensors(byte[] bytes)
    {
        data = bytes;
        int length = (int)BinaryPrimitives.ReadInt64LittleEndian(data);
        header = JsonDocument.Parse(data.AsMemory(8, length)).RootElement;
        start = 8 + length;
    }

    /// <summary>What generate_nn.py wrote.</summary>
    public static SafeTensors Nn { get; } = Resource("nn.safetensors");

    static SafeTensors Resource(string name)
    {
        using Stream stream = typeof(SafeTensors).Assembly.GetManifestResourceStream(name)!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return new SafeTensors(bytes);
    }

    public IEnumerable<string> Names => header.EnumerateObject().Select(p => p.Name).Where(n => n != "__metadata__");

    public bool Has(string name) => header.TryGetProperty(name, out _);

    public Tensor this[string name]
    {
        get
        {
            JsonElement entry = header.GetProperty(name);
            long[] shape = entry.GetProperty("shape").EnumerateArray().Select(e => e.GetInt64()).ToArray();
            int[] at = entry.GetProperty("data_offsets").EnumerateArray().Select(e => e.GetInt32()).ToArray();
            ScalarType type = entry.GetProperty("dtype").GetString() switch
            {
                "F32" => ScalarType.Float32,
                "F64" => ScalarType.Float64,
                "I64" => ScalarType.Int64,
                "BOOL" => ScalarType.Bool,
                var other => throw new InvalidDataException(other),
            };
            Tensor t = empty(shape, type);
            data.AsSpan(start + at[0], at[1] - at[0]).CopyTo(t.bytes);
            return t;
        }
    }
}
