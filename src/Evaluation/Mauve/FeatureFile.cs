using System.Text;
using System.Text.Json;
using DiffusionBatch.Evaluation.Metrics;
using DiffusionBatch.Pipeline.Inputs;

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
    /// <exception cref="MetricException">It can't be used.</exception>
    public static FeatureMatrix Read(string file)
    {
        ArgumentNullException.ThrowIfNull(file);
        string name = Path.GetFileName(file);
        try
        {
            var matrix = file.EndsWith(".safetensors", StringComparison.Ordinal) ? FeatureTensor.Read(file) : Lines(file);
            if (matrix.Rows == 0 || matrix.Columns == 0) throw new FormatException("there are no features");
            if (Array.FindIndex(matrix.Values, v => !double.IsFinite(v)) is >= 0 and var bad) throw new FormatException($"vector {bad / matrix.Columns + 1} holds a value that is not finite");
            return matrix;
        }
        catch (Exception e) when (e is FormatException or JsonException or DecoderFallbackException or EndOfStreamException)
        {
            throw new MetricException([$"{name}: {e.Message}."]);
        }
    }

    static FeatureMatrix Lines(string file)
    {
        var values = new List<double>();
        int rows = 0, columns = 0, number = 0;
        if (ForeignForm.OfFile(file) is { } foreign) throw new FormatException(foreign);
        foreach (string line in File.ReadLines(file, new UTF8Encoding(false, throwOnInvalidBytes: true)))
        {
            number++;
            if (string.IsNullOrWhiteSpace(line)) continue;
            int before = values.Count;
            Features(Encoding.UTF8.GetBytes(line), values, number);
            if (rows++ == 0) columns = values.Count;
            else if (values.Count - before != columns) throw new FormatException($"line {number} has {values.Count - before} features, those before have {columns}");
        }
        return new FeatureMatrix(rows, columns, [.. values]);
    }

    static void Features(byte[] line, List<double> values, int number)
    {
        var json = new Utf8JsonReader(line);
        bool found = false;
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject) throw new FormatException($"line {number} is not a JSON object");
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            bool wanted = json.ValueTextEquals("features"u8);
            json.Read();
            if (!wanted)
            {
                json.Skip();
                continue;
            }
            found = true;
            if (json.TokenType != JsonTokenType.StartArray) throw new FormatException($"line {number}: \"features\" is not a list of numbers");
            while (json.Read() && json.TokenType != JsonTokenType.EndArray)
                values.Add(json.TokenType == JsonTokenType.Number ? json.GetDouble() : throw new FormatException($"line {number}: \"features\" is not a list of numbers"));
        }
        if (!found) throw new FormatException($"line {number} has no \"features\"");
    }
}
