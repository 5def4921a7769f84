using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace DiffusionBatch.Evaluation.Mauve;

/// <summary>The feature tensor of a safetensors file: eight bytes of the header's length, the header in JSON, the data.</summary>
internal static class FeatureTensor
{
    const string Preferred = "features";

    /// <summary>Reads the one tensor, or the one named <c>features</c>.</summary>
    /// <exception cref="FormatException">There is no such tensor, or it isn't (n, d) of F32 or F64.</exception>
    public static FeatureMatrix Read(string file)
    {
        using var stream = File.OpenRead(file);
        Span<byte> prefix = stackalloc byte[8];
        stream.ReadExactly(prefix);
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length > (ulong)(stream.Length - 8)) throw new FormatException("the header is longer than the file");
        byte[] header = new byte[length];
        stream.ReadExactly(header);
        using var document = Header(header);
        if (document.RootElement.ValueKind != JsonValueKind.Object) throw new FormatException("the header is not a JSON object");
        var tensors = document.RootElement.EnumerateObject().Where(t => t.Name != "__metadata__").ToList();
        int at = tensors.Count == 1 ? 0 : tensors.FindIndex(t => t.Name == Preferred);
        if (at < 0) throw new FormatException($"one tensor, or one named \"{Preferred}\", is expected; there are {tensors.Count}");
        var (type, shape, begin, end) = Entry(tensors[at].Name, tensors[at].Value);
        if (shape.Length != 2 || type is not ("F32" or "F64")) throw new FormatException($"the tensor \"{tensors[at].Name}\" is {type} of shape ({string.Join(", ", shape)}); expected F32 or F64 of shape (n, d)");
        if (shape[0] is < 0 or > int.MaxValue || shape[1] is < 0 or > int.MaxValue) throw new FormatException($"the tensor \"{tensors[at].Name}\" has the shape ({string.Join(", ", shape)}), which no file holds");
        Int128 size = (Int128)shape[0] * shape[1] * (type == "F32" ? 4 : 8);
        if (begin < 0 || end - begin != size || 8 + (long)length + end > stream.Length) throw new FormatException("the tensor's data isn't whole");
        byte[] bytes = new byte[(long)size];
        stream.Position = 8 + (long)length + begin;
        stream.ReadExactly(bytes);
        double[] values = type == "F64" ? MemoryMarshal.Cast<byte, double>(bytes).ToArray() : Array.ConvertAll(MemoryMarshal.Cast<byte, float>(bytes).ToArray(), v => (double)v);
        return new FeatureMatrix((int)shape[0], (int)shape[1], values);
    }

    static JsonDocument Header(byte[] header)
    {
        try
        {
            return JsonDocument.Parse(header);
        }
        catch (JsonException e)
        {
            throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"the header is malformed JSON at line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}"), e);
        }
    }

    static (string Type, long[] Shape, long Begin, long End) Entry(string name, JsonElement tensor)
    {
        try
        {
            long[] shape = [.. tensor.GetProperty("shape").EnumerateArray().Select(d => d.GetInt64())], offsets = [.. tensor.GetProperty("data_offsets").EnumerateArray().Select(d => d.GetInt64())];
            return (tensor.GetProperty("dtype").GetString() ?? "null", shape, offsets[0], offsets[1]);
        }
        catch (Exception e) when (e is KeyNotFoundException or InvalidOperationException or FormatException or IndexOutOfRangeException)
        {
            throw new FormatException($"the header's entry of the tensor \"{name}\" is expected to have \"dtype\", \"shape\" and \"data_offsets\"", e);
        }
    }
}
