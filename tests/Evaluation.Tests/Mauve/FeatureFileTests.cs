using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Evaluation.Mauve;
using DiffusionBatch.Evaluation.Metrics;

namespace DiffusionBatch.Evaluation.Tests.Mauve;

public sealed class FeatureFileTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("dbatch-features-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    string Write(string name, string text)
    {
        File.WriteAllText(Path.Combine(_folder, name), text);
        return Path.Combine(_folder, name);
    }

    string Tensors(string name, string header, byte[] data)
    {
        byte[] json = Encoding.UTF8.GetBytes(header), length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, json.Length);
        File.WriteAllBytes(Path.Combine(_folder, name), [.. length, .. json, .. data]);
        return Path.Combine(_folder, name);
    }

    [Fact]
    public void Lines_and_tensors_say_the_same()
    {
        double[] expected = [1, 2.5, -3, 4, 5e-3, 6];
        var lines =
            FeatureFile.Read(Write("f.jsonl",
                "{\"id\":\"a\",\"meta\":{\"features\":[9]},\"features\":[1,2.5,-3]}\n\n{\"features\":[4,5e-3,6],\"x\":null}\n"));
        Assert.Equal((2, 3), (lines.Rows, lines.Columns));
        Assert.Equal(expected, lines.Values);
        byte[] doubles = MemoryMarshal.AsBytes(expected.AsSpan()).ToArray();
        Assert.Equal(expected,
            FeatureFile.Read(Tensors("d.safetensors",
                "{\"__metadata__\":{\"a\":\"b\"},\"any\":{\"dtype\":\"F64\",\"shape\":[2,3],\"data_offsets\":[0,48]}}", doubles)).Values);
        byte[] floats = MemoryMarshal.AsBytes(Array.ConvertAll(expected, v => (float)v).AsSpan()).ToArray();
        var second =
            FeatureFile.Read(Tensors("s.safetensors",
                "{\"o\":{\"dtype\":\"I64\",\"shape\":[1],\"data_offsets\":[0,8]},"
            + "\"features\":{\"dtype\":\"F32\",\"shape\":[2,3],\"data_offsets\":[8,32]}}", [.. new byte[8], .. floats]));
        Assert.Equal(expected.Select(v => (double)(float)v), second.Values);
    }

    [Fact]
    public void Another_form_is_told_as_that()
    {
        string file = Path.Combine(_folder, "f.jsonl");
        File.WriteAllBytes(file, [0x1F, 0x8B, 8, 0]);
        Assert.Equal(["f.jsonl: the file is compressed by gzip; unpack it first: gunzip FILE."],
            Assert.Throws<MetricException>(() => FeatureFile.Read(file)).Problems);
        File.WriteAllBytes(file, Encoding.Unicode.GetBytes("{\"features\":[1]}\n"));
        Assert.Contains("UTF-16LE", Assert.Throws<MetricException>(() => FeatureFile.Read(file)).Problems[0], StringComparison.Ordinal);
        Assert.Contains("jq -c '.[]'", Assert.Throws<MetricException>(() =>
            FeatureFile.Read(Write("f.jsonl", "[{\"features\":[1]}]"))).Problems[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[1]", "bad.jsonl line 1: a JSON object is expected.")]
    [InlineData("{\"features\":[1,2]}\n{\"features\":[1]}", "bad.jsonl line 2: 1 features; expected 2, as the lines before have.")]
    [InlineData("{\"id\":\"a\"}", "bad.jsonl line 1: \"features\" is expected: a list of numbers.")]
    [InlineData("{\"features\":[1,\"2\"]}", "line 1: \"features\" is not a list of numbers")]
    [InlineData("{\"features\":7}", "line 1: \"features\" is not a list of numbers")]
    [InlineData("{\"features\":[1]}\n{\"features\":[1e999]}", "bad.jsonl line 2: \"features\" holds a value that is not finite.")]
    [InlineData("{\"features\":[1]}\n{\"features\":[NaN]}", "bad.jsonl line 2, column 14: malformed JSON.")]
    [InlineData("{\"é\":1,\"features\":[1,]}", "bad.jsonl line 1, column 22: malformed JSON.")]
    [InlineData("{\"features\":[1]} x", "bad.jsonl line 1, column 18: malformed JSON.")]
    [InlineData("{\"features\":[1", "bad.jsonl line 1, column 15: malformed JSON.")]
    [InlineData("{\"features\":[1],\"features\":[2]}", "bad.jsonl line 1: \"features\" stands twice in this line.")]
    [InlineData("", "there are no features")]
    public void Bad_lines_say_what_is_wrong(string text, string expected)
    {
        string message = Assert.Throws<MetricException>(() => FeatureFile.Read(Write("bad.jsonl", text))).Message;
        Assert.Contains(expected, message, StringComparison.Ordinal);
        Assert.DoesNotContain("LineNumber", message, StringComparison.Ordinal); // the parser's words
    }

    [Theory]
    [InlineData("{\"features\":[1,2]}", "{\"features\":[1,2,3]}", 2,
        "sub/o.jsonl: the vectors have 2 features; expected 3, as those of r.jsonl have.")]
    [InlineData("{\"features\":[1]}", "{\"features\":[2]}", 9, "sub/o.jsonl and r.jsonl: 9 clusters are more than the 1 and 1 vectors.")]
    [InlineData("{\"features\":[1]}", "{\"features\":[x]}", 2, "r.jsonl line 1, column 14: malformed JSON.")]
    public void Samples_that_can_not_be_compared_are_found_as_they_are_opened(string outputs, string references, int buckets,
        string expected)
    {
        Directory.CreateDirectory(Path.Combine(_folder, "sub"));
        Write("sub/o.jsonl", outputs);
        Write("r.jsonl", references);
        var metric =
            new MauveMetric(new MetricSpec
            {
                Name = "mauve",
                Features = "sub/o.jsonl",
                ReferenceFeatures = "r.jsonl",
                NumBuckets = buckets
            }, null);
        Assert.Equal([expected], Assert.Throws<MetricException>(() => metric.Open(_folder, "all")).Problems);
    }

    [Theory]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[0,16]}}", "expected F32 or F64 of shape (n, d)")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[2,3],\"data_offsets\":[0,24]}}", "isn't whole")]
    [InlineData("{}", "there are 0")]
    [InlineData("[]", "the header is not a JSON object")]
    [InlineData("{\"a\":", "the header is malformed JSON at line 1, byte 6")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"data_offsets\":[0,16]}}", "is expected to have \"dtype\", \"shape\" and \"data_offsets\"")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[2,2],\"data_offsets\":[0]}}",
        "is expected to have \"dtype\", \"shape\" and \"data_offsets\"")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[-2,2],\"data_offsets\":[0,16]}}", "which no file holds")]
    public void Bad_tensors_say_what_is_wrong(string header, string expected) =>
        Assert.Contains(expected, Assert.Throws<MetricException>(() =>
            FeatureFile.Read(Tensors("bad.safetensors", header, new byte[16]))).Message, StringComparison.Ordinal);

    [Fact]
    public void The_metric_opens_the_cells_own_file()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "features"));
        var random = new Random(1);
        foreach (string name in (string[])["features/steps=2.jsonl", "references.jsonl"])
            Write(name, string.Concat(Enumerable.Range(0, 40)
                .Select(_ => $"{{\"features\":[{random.NextDouble()},{random.NextDouble()},{random.NextDouble()}]}}\n")));
        var metric =
            MetricRegistry.Plan(
                [new MetricSpec { Name = "mauve", Features = "features", ReferenceFeatures = "references.jsonl", Seeds = 2, Seed = 3 }])
                    .Create(new BootstrapOptions(1, 50))[0];
        ((IFileMetric)metric).Open(_folder, "steps=2");
        var score = metric.Score();
        Assert.InRange(score.Score, 0.3, 1);
        Assert.Equal("n:40,40|d:3|buckets:4|var:0.9|redo:5|iter:500|c:5|seeds:3-4", score.Signature);
        Assert.NotNull(score.Spread);
        Assert.Throws<MetricException>(() => ((IFileMetric)metric).Open(_folder, "steps=4"));
    }
}
