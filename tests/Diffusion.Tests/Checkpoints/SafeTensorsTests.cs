using System.Buffers.Binary;
using System.Text;
using DiffusionBatch.Diffusion.Files;
using DiffusionBatch.Diffusion.SafeTensors;

namespace DiffusionBatch.Diffusion.Tests.Checkpoints;

public sealed class SafeTensorsTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_is_written_is_read_back_and_the_bytes_do_not_depend_on_the_order()
    {
        string one = _folder["one.safetensors"], two = _folder["two.safetensors"];
        Write(one, reversed: false);
        Write(two, reversed: true);
        Assert.Equal(File.ReadAllBytes(one), File.ReadAllBytes(two));
        using var reader = SafeTensorsReader.Open(one);
        Assert.Equal(["a", "b \"quoted\"", "scalar"], reader.Tensors.Keys.Order(StringComparer.Ordinal));
        Assert.Equal([1.5f, -2, float.MaxValue, 1e-40f, 0, 3], reader.ReadFloats("a"));
        Assert.Equal([2L, 3], reader.Tensors["a"].Shape);
        Assert.Equal([long.MinValue, 7], reader.ReadLongs("b \"quoted\""));
        Assert.Equal([0.1f], reader.ReadFloats("scalar"));
        Assert.Equal("{\"step\":3}", reader.Metadata["state"]);
        Assert.Empty(Directory.GetFiles(_folder.Path, "*.tmp"));
    }

    static void Write(string path, bool reversed)
    {
        var writer = new SafeTensorsWriter();
        writer.AddMetadata("state", "{\"step\":3}");
        Action[] adds =
        [
            () => writer.Add("a", new float[] { 1.5f, -2, float.MaxValue, 1e-40f, 0, 3 }, 2, 3),
            () => writer.Add("b \"quoted\"", new long[] { long.MinValue, 7 }, 2),
            () => writer.Add("scalar", new float[] { 0.1f }),
        ];
        foreach (var add in reversed ? adds.Reverse() : adds) add();
        writer.Save(path);
    }

    [Fact]
    public void Half_precision_is_widened_exactly()
    {
        var writer = new SafeTensorsWriter();
        writer.Add("half", SafeTensorType.F16, [3], 3, s => s.Write([0x00, 0x3c, 0x01, 0x00, 0x00, 0xfc])); // 1, 2^-24, -inf
        writer.Add("brain", SafeTensorType.BF16, [2], 2, s => s.Write([0x80, 0x3f, 0x49, 0xc0])); // 1, -3.140625
        writer.Add("flags", SafeTensorType.BOOL, [3], 3, s => s.Write([0, 1, 2]));
        writer.Save(_folder["f"]);
        using var reader = SafeTensorsReader.Open(_folder["f"]);
        Assert.Equal([1f, MathF.Pow(2, -24), float.NegativeInfinity], reader.ReadFloats("half"));
        Assert.Equal([1f, -3.140625f], reader.ReadFloats("brain"));
        Assert.Equal([false, true, true], reader.ReadBooleans("flags"));
        Assert.Throws<ArgumentException>(() => reader.ReadLongs("flags"));
        Assert.Throws<ArgumentException>(() => reader.ReadFloats("absent"));
    }

    [Fact]
    public void A_failed_write_leaves_the_old_file()
    {
        var writer = new SafeTensorsWriter();
        writer.Add("a", new float[] { 1 }, 1);
        writer.Save(_folder["f"]);
        byte[] before = File.ReadAllBytes(_folder["f"]);
        var broken = new SafeTensorsWriter();
        broken.Add("a", SafeTensorType.F32, [2], 2, _ => throw new IOException("no space"));
        Assert.Throws<IOException>(() => broken.Save(_folder["f"]));
        Assert.Equal(before, File.ReadAllBytes(_folder["f"]));
        Assert.Single(Directory.GetFiles(_folder.Path));
    }

    public static TheoryData<string, string, int, string> BadFiles => new()
    {
        { "empty header", "", 0, "header's length" },
        { "not JSON", "{\"a\":", 0, "the header is not JSON (line 1, column 6): malformed JSON: the text ends inside an object or a list" },
        { "an array", "[]     ", 0, "not an object" },
        { "type", """{"a":{"dtype":"F8_E4M3","shape":[8],"data_offsets":[0,8]}}""", 8, "element type" },
        { "no shape", """{"a":{"dtype":"F32","data_offsets":[0,4]}}""", 4, "malformed" },
        { "negative", """{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""", 4, "malformed" },
        { "size", """{"a":{"dtype":"F32","shape":[2,3],"data_offsets":[0,20]}}""", 20, "contradict the shape; expected 24 bytes" },
        { "overflow", """{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0]}}""", 0, "contradict the shape" },
        { "overlap", """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}""", 12,
            "overlap" },
        { "hole", """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}""", 12,
            "belong to none" },
        { "truncated", """{"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}}""", 15, "truncated" },
        { "trailing", """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 5, "belong to none" },
        { "twice", """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 4,
            "twice" },
        { "metadata", """{"__metadata__":{"a":1}}""", 0, "metadata" },
    };

    [Theory, MemberData(nameof(BadFiles))]
    public void A_bad_file_is_refused_by_name(string what, string header, int data, string message)
    {
        Assert.NotEmpty(what);
        byte[] json = Encoding.UTF8.GetBytes(header), bytes = new byte[8 + json.Length + data];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, json.Length);
        json.CopyTo(bytes, 8);
        File.WriteAllBytes(_folder["bad.safetensors"], bytes);
        var error = Assert.Throws<CheckpointException>(() => SafeTensorsReader.Open(_folder["bad.safetensors"]));
        Assert.Contains(message, error.Message);
        Assert.DoesNotContain("LineNumber", error.Message, StringComparison.Ordinal); // the parser's words
        Assert.All(error.Problems, p => Assert.Equal("bad.safetensors", p.File));
    }

    [Fact]
    public void A_file_cut_anywhere_is_refused()
    {
        var writer = new SafeTensorsWriter();
        writer.Add("a", new float[] { 1, 2, 3 }, 3);
        writer.Save(_folder["whole"]);
        byte[] whole = File.ReadAllBytes(_folder["whole"]);
        for (int length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(_folder["cut"], whole[..length]);
            Assert.Throws<CheckpointException>(() => SafeTensorsReader.Open(_folder["cut"]));
        }
    }
}
