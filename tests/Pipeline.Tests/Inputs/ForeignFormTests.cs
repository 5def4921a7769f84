using System.IO.Compression;
using System.Text;
using DiffusionBatch.Contracts;
using DiffusionBatch.Pipeline.Inputs;
using DiffusionBatch.Pipeline.Problems;
using DiffusionBatch.Pipeline.Results;
using DiffusionBatch.Pipeline.Tests.Jobs;

namespace DiffusionBatch.Pipeline.Tests.Inputs;

/// <summary>
/// Files of other forms where JSONL is expected: one error each, which says what they are and what to do, from every reader.
/// </summary>
public sealed class ForeignFormTests : IDisposable
{
    const string Line = "{\"id\":\"a\",\"source\":\"x\",\"target\":\"y\",\"text\":\"z\"}\n";

    readonly TestRoot _root = new();

    public void Dispose() => _root.Dispose();

    static byte[] Packed(Func<Stream, Stream> pack)
    {
        var bytes = new MemoryStream();
        using (Stream packing = pack(bytes)) packing.Write(Encoding.UTF8.GetBytes(Line));
        return bytes.ToArray();
    }

    static byte[] Zip()
    {
        var bytes = new MemoryStream();
        using (var archive = new ZipArchive(bytes, ZipArchiveMode.Create))
        using (Stream entry = archive.CreateEntry("d.jsonl").Open()) entry.Write(Encoding.UTF8.GetBytes(Line));
        return bytes.ToArray();
    }

    public static TheoryData<byte[], string> Forms => new()
    {
        { Packed(s => new GZipStream(s, CompressionLevel.Fastest)), "compressed by gzip; unpack it first: gunzip FILE" },
        { [0x28, 0xB5, 0x2F, 0xFD, 0x24, 0], "compressed by Zstandard; unpack it first: zstd -d FILE" },
        { Zip(), "a ZIP archive; unpack it first: unzip FILE" },
        { [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0, 0], "compressed by xz; unpack it first: unxz FILE" },
        { "BZh91AY"u8.ToArray(), "compressed by bzip2; unpack it first: bunzip2 FILE" },
        { "PAR1"u8.ToArray(), "a Parquet file" },
        { Encoding.UTF8.GetBytes($"[{Line.TrimEnd()},{Line.TrimEnd()}]"),
            "one JSON array; expected one JSON object a line: jq -c '.[]' FILE" },
        { Encoding.UTF8.GetBytes($"\uFEFF  [\r\n  {Line.TrimEnd()},\r\n  {Line.TrimEnd()}\r\n]\r\n"),
            "one JSON array; expected one JSON object a line: jq -c '.[]' FILE" },
        { Encoding.UTF8.GetBytes($"[\n{Line.TrimEnd()}\n,{Line}]"), "one JSON array; expected one JSON object a line: jq -c '.[]' FILE" },
        { "{\n  \"id\": \"a\",\n  \"source\": \"x\"\n}\n"u8.ToArray(),
            "JSON whose objects go over several lines; expected one JSON object a line: jq -c . FILE" },
        { [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes(Line)],
            "in UTF-16, not in UTF-8; convert it first: iconv -f UTF-16 -t UTF-8 FILE" },
        { [.. Encoding.BigEndianUnicode.GetPreamble(), .. Encoding.BigEndianUnicode.GetBytes(Line)], "in UTF-16, not in UTF-8" },
        { Encoding.Unicode.GetBytes(Line), "in UTF-16LE, not in UTF-8; convert it first: iconv -f UTF-16LE -t UTF-8 FILE" },
        { Encoding.BigEndianUnicode.GetBytes(Line), "in UTF-16BE, not in UTF-8" },
        { [.. Encoding.UTF32.GetPreamble(), .. Encoding.UTF32.GetBytes(Line)], "in UTF-32, not in UTF-8" },
        { Encoding.UTF32.GetBytes(Line), "in UTF-32LE, not in UTF-8" },
    };

    [Theory]
    [MemberData(nameof(Forms))]
    public void Each_reader_says_it_once(byte[] content, string words)
    {
        File.WriteAllBytes(_root.Path("d.jsonl"), content);
        foreach (InputUse use in Enum.GetValues<InputUse>())
        {
            Problem problem =
                Assert.Single(InputReader.Check(_root.Path("d.jsonl"), "d.jsonl", use, TestContext.Current.CancellationToken).Problems);
            Assert.Equal(("d.jsonl", 1), (problem.File, problem.Line));
            Assert.StartsWith("the file is " + words, problem.Message, StringComparison.Ordinal);
        }
        Problem predictions =
            Assert.Single(PredictionReader.Check(_root.Path("d.jsonl"), "d.jsonl", TestContext.Current.CancellationToken));
        Assert.StartsWith("the file is " + words, predictions.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\uFEFF{\"id\":\"a\",\"source\":\"x\",\"target\":\"y\",\"text\":\"z\"}\r\n")]
    [InlineData("\n\n  {\"id\":\"a\",\"source\":\"x\",\"target\":\"y\",\"text\":\"z\"}")]
    [InlineData("{ \"id\":\"PK\u0003\u0004 BZh\",\"source\":\"[{\",\"target\":\"y\",\"text\":\"z\"}")]
    public void What_is_jsonl_is_read(string text)
    {
        _root.Write("d.jsonl", text.Replace("\u0003\u0004", "\\u0003\\u0004", StringComparison.Ordinal));
        Assert.Empty(InputReader.Check(_root.Path("d.jsonl"), "d.jsonl", InputUse.Pairs, TestContext.Current.CancellationToken).Problems);
        Assert.Empty(PredictionReader.Check(_root.Path("d.jsonl"), "d.jsonl", TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Lines_that_are_lists_are_told_line_by_line()
    {
        _root.Write("d.jsonl", "[\"a\",\"x\"]\n[\"b\",\"y\"]\n");
        Assert.Equal([1, 2], InputReader.Check(_root.Path("d.jsonl"), "d.jsonl", InputUse.Sample,
            TestContext.Current.CancellationToken).Problems.Select(p => p.Line));
    }
}
