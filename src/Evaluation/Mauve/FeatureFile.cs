using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using DiffusionBatch.Contracts;
using DiffusionBatch.Evaluation.Metrics;

namespace DiffusionBatch.Evaluation.Mauve;

/// <summary>
/// Reads feature vectors: JSONL of <c>{"features":[...]}</c> (other fields are ignored), or a safetensors file with one
/// float32 or float64 tensor (n, d), or several of which one is named <c>features</c>.
/// </summary>
public static class FeatureFile
{
    /// <summary>The extensions that <see cref="Read"/> knows.</summary>
    public static IReadOnlyList<string> Extensions { get; } = [".jsonl", ".safetensors"];

    /// <summary>Reads a file.</summary>
    /// <param name="file">Its full path; the extension says which kind it is.</param>
    /// <param name="name">What problems call it; null for its own name.</param>
    /// <exception cref="MetricException">It can't be used; the problem names file, line and, where there is one, column.</exception>
    public static FeatureMatrix Read(string file, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(file);
        name ??= Path.GetFileName(file);
        try
        {
            var matrix = file.EndsWith(".safetensors", StringComparison.Ordinal) ? Tensor(file) : Lines(file, name);
            return matrix.Rows == 0 || matrix.Columns == 0 ? throw new FormatException("there are no features") : matrix;
        }
        catch (Exception e) when (e is FormatException or DecoderFallbackException or EndOfStreamException)
        {
            string what = e switch
            {
                DecoderFallbackException => "invalid UTF-8",
                EndOfStreamException => "the file ends too early",
                _ => e.Message,
            };
            throw new MetricException([$"{name}: {what}."]);
        }
    }

    static FeatureMatrix Tensor(string file)
    {
        var matrix = FeatureTensor.Read(file);
        if (matrix.Columns > 0 && Array.FindIndex(matrix.Values, v => !double.IsFinite(v)) is >= 0 and var bad)
            throw new FormatException(string.Create(CultureInfo.InvariantCulture,
                $"vector {bad / matrix.Columns + 1} holds a value that is not finite"));
        return matrix;
    }

    static FeatureMatrix Lines(string file, string name)
    {
        var values = new List<double>();
        int rows = 0, columns = 0, number = 0;
        if (ForeignForm.OfFile(file) is { } foreign) throw new FormatException(foreign);
        foreach (string line in File.ReadLines(file, new UTF8Encoding(false, throwOnInvalidBytes: true)))
        {
            number++;
            if (string.IsNullOrWhiteSpace(line)) continue;
            int before = values.Count;
            try
            {
                Features(Encoding.UTF8.GetBytes(line), values);
                int found = values.Count - before;
                if (rows++ == 0) columns = found;
                else if (found != columns)
                    throw new FormatException(
                        string.Create(CultureInfo.InvariantCulture, $"{found} features; expected {columns}, as the lines before have"));
            }
            catch (FormatException e)
            {
                throw new MetricException([string.Create(CultureInfo.InvariantCulture, $"{name} line {number}: {e.Message}.")]);
            }
            catch (JsonException e)
            {
                throw new MetricException(
                    [string.Create(CultureInfo.InvariantCulture,
                        $"{name} line {number}, column {JsonColumn.Of(line, e)}: malformed JSON.")]);
            }
        }
        return new FeatureMatrix(rows, columns, [.. values]);
    }

    static void Features(byte[] line, List<double> values)
    {
        var json = new Utf8JsonReader(line);
        bool found = false;
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject) throw new FormatException("a JSON object is expected");
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            bool wanted = json.ValueTextEquals("features"u8);
            json.Read();
            if (!wanted)
            {
                json.Skip();
                continue;
            }
            if (found) throw new FormatException("\"features\" stands twice in this line");
            found = true;
            if (json.TokenType != JsonTokenType.StartArray) throw new FormatException("\"features\" is not a list of numbers");
            while (json.Read() && json.TokenType != JsonTokenType.EndArray)
            {
                if (json.TokenType != JsonTokenType.Number) throw new FormatException("\"features\" is not a list of numbers");
                values.Add(json.TryGetDouble(out double value)
                    && double.IsFinite(value) ? value : throw new FormatException("\"features\" holds a value that is not finite"));
            }
        }
        while (json.Read()) { } // what follows the object is malformed
        if (!found) throw new FormatException("\"features\" is expected: a list of numbers");
    }
}

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
        if (shape.Length != 2 || type is not ("F32" or "F64"))
            throw new FormatException($"the tensor \"{tensors[at].Name}\" "
                + $"is {type} of shape ({string.Join(", ", shape)}); expected F32 or F64 of shape (n, d)");
        if (shape[0] is < 0 or > int.MaxValue || shape[1] is < 0 or > int.MaxValue)
            throw new FormatException($"the tensor \"{tensors[at].Name}\" has the shape ({string.Join(", ", shape)}), which no file holds");
        Int128 size = (Int128)shape[0] * shape[1] * (type == "F32" ? 4 : 8);
        if (begin < 0 || end - begin != size || 8 + (long)length + end > stream.Length)
            throw new FormatException("the tensor's data isn't whole");
        byte[] bytes = new byte[(long)size];
        stream.Position = 8 + (long)length + begin;
        stream.ReadExactly(bytes);
        double[] values = type == "F64"
            ? MemoryMarshal.Cast<byte, double>(bytes).ToArray()
            : Array.ConvertAll(MemoryMarshal.Cast<byte, float>(bytes).ToArray(), v => (double)v);
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
            throw new FormatException(string.Create(CultureInfo.InvariantCulture,
                $"the header is malformed JSON at line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}"), e);
        }
    }

    static (string Type, long[] Shape, long Begin, long End) Entry(string name, JsonElement tensor)
    {
        try
        {
            long[] shape = [.. tensor.GetProperty("shape").EnumerateArray().Select(d => d.GetInt64())],
                offsets = [.. tensor.GetProperty("data_offsets").EnumerateArray().Select(d => d.GetInt64())];
            return (tensor.GetProperty("dtype").GetString() ?? "null", shape, offsets[0], offsets[1]);
        }
        catch (Exception e) when (e is KeyNotFoundException or InvalidOperationException or FormatException or IndexOutOfRangeException)
        {
            throw new FormatException($"the header's entry of the tensor "
                + $"\"{name}\" is expected to have \"dtype\", \"shape\" and \"data_offsets\"", e);
        }
    }
}
