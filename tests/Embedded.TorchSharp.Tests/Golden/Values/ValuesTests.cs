using System.Reflection;
using System.Text.Json;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionBatch.Embedded.TorchSharp.Tests.Golden.Values;

/// <summary>
/// PyTorch's own results, written by make.py, of functions at ordinary numbers, infinities, NaN and signed zeros, in
/// float32, float64, int64 and bool: values, types and shapes.
/// </summary>
public sealed class ValuesTests
{
    static readonly Lazy<JsonDocument> Document = new(() =>
        JsonDocument.Parse(Assembly.GetExecutingAssembly().GetManifestResourceStream("values.json")!));

    static IEnumerable<JsonElement> All => Document.Value.RootElement.GetProperty("cases").EnumerateArray();

    public static TheoryData<string> Names() => [.. All.Select(c => c.GetProperty("name").GetString()!).Distinct()];

    [Theory, MemberData(nameof(Names))]
    public void Values_are_those_of_PyTorch(string name)
    {
        Func<Tensor[], Tensor[]> run = Functions.All[name];
        foreach (JsonElement golden in All.Where(c => c.GetProperty("name").GetString() == name))
        {
            using DisposeScope scope = NewDisposeScope();
            string[] inputs = golden.GetProperty("inputs").EnumerateArray().Select(i => i.GetString()!).ToArray();
            Tensor[] actual = run(inputs.Select(Input).ToArray());
            JsonElement[] expected = golden.GetProperty("outputs").EnumerateArray().ToArray();
            for (int i = 0; i < expected.Length; i++) Same(expected[i], actual[i], $"{name} of {string.Join(", ", inputs)}, output {i}");
        }
    }

    static Tensor Input(string name)
    {
        JsonElement input = Document.Value.RootElement.GetProperty("inputs").GetProperty(name);
        long[] shape = Shape(input);
        return tensor(Values(input), shape, Type(input));
    }

    static void Same(JsonElement expected, Tensor actual, string what)
    {
        Assert.True(actual.dtype == Type(expected), $"{what}: {actual.dtype} in place of {Type(expected)}");
        Assert.True(actual.shape.AsSpan().SequenceEqual(Shape(expected)), $"{what}: shape [{string.Join(", ", actual.shape)}] in place of [{string.Join(", ", Shape(expected))}]");
        double[] e = Values(expected), a = actual.to_type(ScalarType.Float64).contiguous().data<double>().ToArray();
        // PyTorch's own trigamma is good to 1e-9 only.
        double tolerance = actual.dtype == ScalarType.Float32 ? 2e-6 : what.StartsWith("polygamma", StringComparison.Ordinal) ? 1e-9 : 1e-12;
        for (int i = 0; i < e.Length; i++)
        {
            bool close = e[i].Equals(a[i]) || Math.Abs(e[i] - a[i]) <= tolerance * Math.Max(Math.Abs(e[i]), 1e-2);
            bool either = what.StartsWith('m'); // of -0 and 0 PyTorch takes now this as the larger, now that
            Assert.True(close && (either || e[i] != 0 || a[i] != 0 || double.IsNegative(e[i]) == double.IsNegative(a[i])), $"{what} at {i}: {a[i]:R} in place of {e[i]:R}");
        }
    }

    static ScalarType Type(JsonElement value) => value.GetProperty("type").GetString() switch
    {
        "float32" => ScalarType.Float32,
        "float64" => ScalarType.Float64,
        "int64" => ScalarType.Int64,
        "int32" => ScalarType.Int32,
        "bool" => ScalarType.Bool,
        var other => throw new InvalidDataException(other),
    };

    static long[] Shape(JsonElement value) => value.GetProperty("shape").EnumerateArray().Select(d => d.GetInt64()).ToArray();

    static double[] Values(JsonElement value) => value.GetProperty("data").EnumerateArray().Select(v => v.ValueKind == JsonValueKind.Number
        ? v.GetDouble()
        : v.GetString() switch { "inf" => double.PositiveInfinity, "-inf" => double.NegativeInfinity, _ => BitConverter.UInt64BitsToDouble(0x7ff8000000000000) }).ToArray(); // .NET's own NaN has its sign bit set, PyTorch's has not
}
