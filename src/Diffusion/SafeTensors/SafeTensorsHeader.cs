using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json;
using DiffusionBatch.Diffusion.Data;
using DiffusionBatch.Diffusion.Files;

namespace DiffusionBatch.Diffusion.SafeTensors;

/// <summary>
/// The header of a safetensors file: eight bytes of length, then JSON with a tensor an entry. Checked as a whole: sizes,
/// types, offsets, overlaps and holes, and that the file is as long as the header says.
/// </summary>
sealed class SafeTensorsHeader
{
    /// <summary>The longest header that is read, as in the reference implementation.</summary>
    const long LongestHeader = 100_000_000;

    public Dictionary<string, SafeTensorInfo> Tensors { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, string> Metadata { get; } = new(StringComparer.Ordinal);

    public List<CheckpointProblem> Problems { get; } = [];

    /// <summary>Whether every entry could be read: names and shapes are known, whatever is wrong with the bytes' layout.</summary>
    public bool IsListed { get; private set; }

    /// <summary>Where the tensors' bytes start in the file.</summary>
    public long DataStart { get; private set; }

    readonly string _file;

    SafeTensorsHeader(string file) => _file = file;

    /// <summary>Reads the header; whatever is wrong with it ends up in <see cref="Problems"/>.</summary>
    public static SafeTensorsHeader Read(Stream stream, string file)
    {
        var header = new SafeTensorsHeader(file);
        Span<byte> prefix = stackalloc byte[8];
        long total = stream.Length;
        if (total < 8 || stream.ReadAtLeast(prefix, 8, throwOnEndOfStream: false) < 8)
        {
            header.Problem(null, "the file is truncated", "at least 8 bytes", $"{total}");
            return header;
        }
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length is < 2 or > LongestHeader || (long)length > total - 8)
        {
            header.Problem(null, "the header's length is impossible: truncated, or not a safetensors file",
                $"2 to {Math.Min(LongestHeader, Math.Max(2, total - 8))} bytes", $"{length}");
            return header;
        }
        header.DataStart = 8 + (long)length;
        var json = new byte[length];
        stream.ReadExactly(json);
        try
        {
            using var document = JsonDocument.Parse(json);
            header.ReadEntries(document.RootElement);
            header.IsListed = header.Problems.Count == 0;
        }
        catch (JsonException e)
        {
            JsonFault fault = JsonFault.Of(json, e);
            header.Problem(null, string.Create(CultureInfo.InvariantCulture,
                $"the header is not JSON (line {fault.Line}, column {fault.Column}): {fault.Message}"));
            return header;
        }
        header.CheckLayout(total - header.DataStart);
        return header;
    }

    void ReadEntries(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            Problem(null, "the header is not an object", "an object", root.ValueKind.ToString());
            return;
        }
        foreach (var entry in root.EnumerateObject())
        {
            if (entry.Name == "__metadata__") ReadMetadata(entry.Value);
            else if (ReadTensor(entry.Name, entry.Value) is { } info && !Tensors.TryAdd(info.Name, info))
                Problem(info.Name, "the tensor is listed twice");
        }
    }

    void ReadMetadata(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object || value.EnumerateObject().Any(p => p.Value.ValueKind != JsonValueKind.String))
        {
            Problem("__metadata__", "the metadata is malformed", "an object of strings", value.ValueKind.ToString());
            return;
        }
        foreach (var item in value.EnumerateObject()) Metadata[item.Name] = item.Value.GetString()!;
    }

    SafeTensorInfo? ReadTensor(string name, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object
            || !value.TryGetProperty("dtype", out var dtype) || dtype.ValueKind != JsonValueKind.String
            || !value.TryGetProperty("shape", out var shapeElement) || Integers(shapeElement) is not { } shape
            || !value.TryGetProperty("data_offsets", out var offsetsElement) || Integers(offsetsElement) is not { Length: 2 } offsets)
        {
            Problem(name, "the entry is malformed", "dtype, shape and two data_offsets");
            return null;
        }
        if (!Enum.TryParse(dtype.GetString(), out SafeTensorType type) || !Enum.IsDefined(type) || type.ToString() != dtype.GetString())
        {
            Problem(name, "the element type is not supported", string.Join(", ", Enum.GetNames<SafeTensorType>()), dtype.GetString());
            return null;
        }
        UInt128 size = (UInt128)type.Size();
        foreach (long d in shape)
        {
            size *= (UInt128)d;
            if (size > long.MaxValue) size = long.MaxValue;
        }
        long length = offsets[1] - offsets[0];
        if (length < 0 || (UInt128)length != size)
        {
            Problem(name, "the offsets contradict the shape", $"{size} bytes for {type} {SafeTensorInfo.Describe(shape)}", $"{length}");
            return null;
        }
        return new SafeTensorInfo(name, type, shape, offsets[0], length);
    }

    static long[]? Integers(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Array) return null;
        var values = new long[element.GetArrayLength()];
        for (int i = 0; i < values.Length; i++)
            if (element[i].ValueKind != JsonValueKind.Number || !element[i].TryGetInt64(out values[i]) || values[i] < 0) return null;
        return values;
    }

    void CheckLayout(long available)
    {
        long at = 0;
        foreach (var tensor in Tensors.Values.OrderBy(t => t.Offset).ThenBy(t => t.Length))
        {
            long end = tensor.Offset + tensor.Length;
            if (tensor.Offset < at) Problem(tensor.Name, "the tensor's bytes overlap another's", $"an offset of {at}", $"{tensor.Offset}");
            else if (tensor.Offset > at)
                Problem(tensor.Name, "bytes before the tensor belong to none", $"an offset of {at}", $"{tensor.Offset}");
            if (end > available)
                Problem(tensor.Name, "the file is truncated", $"{DataStart + end} bytes", $"{DataStart + available}");
            at = Math.Max(at, end);
        }
        if (at < available && Problems.Count == 0)
            Problem(null, "bytes after the last tensor belong to none", $"{DataStart + at} bytes", $"{DataStart + available}");
    }

    void Problem(string? subject, string message, string? expected = null, string? found = null) =>
        Problems.Add(new CheckpointProblem(_file, subject, message, expected, found));
}
