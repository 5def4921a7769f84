using System.Security.Cryptography;
using System.Text;
using DiffusionBatch.Pipeline.Inputs;

namespace DiffusionBatch.Pipeline.Tests.Inputs;

[Collection("whole heap")]
public sealed class InputReaderTests
{
    [Fact]
    public void Items_come_in_order_with_all_their_fields()
    {
        using var file = new TempFile("""
            {"id":"a","source":"Hallo <Welt> 😀","target":"Hello"}

            {"target":["x","y"],"promptIds":[0,17,2e1],"length":12.0,"id":"b"}
            {"id":"c","source":"s","target":null,"length":null,"promptIds":null}
            """.ReplaceLineEndings("\r\n"));
        var items = InputReader.ReadSample(file.Path, "f").ToList();
        Assert.Equal([(0L, 1, "a"), (1L, 3, "b"), (2L, 4, "c")], items.Select(i => (i.Index, i.Line, i.Id)));
        Assert.Equal("Hallo <Welt> 😀", items[0].Source);
        Assert.Equal(["Hello"], items[0].Targets);
        Assert.Equal(["x", "y"], items[1].Targets);
        Assert.Equal([0, 17, 20], items[1].PromptIds!);
        Assert.Equal(12, items[1].Length);
        Assert.Null(items[1].Source);
        Assert.Empty(items[2].Targets);
        Assert.All(items, item => Assert.Null(item.Error));
    }

    [Fact]
    public void Other_fields_pass_through_as_they_stand()
    {
        using var file = new TempFile("""{"meta": {"a": [1.50, "ü\u00e9"]},"id":"a","source":"s","n" : 1e5, "length":3,"x\"y":null}""");
        Assert.Equal("""{"meta": {"a": [1.50, "ü\u00e9"]},"n" : 1e5,"x\"y":null}""",
            InputReader.ReadSample(file.Path, "f", passThrough: true).Single().Other);
        Assert.Null(InputReader.ReadSample(file.Path, "f").Single().Other);
    }

    [Fact]
    public void A_byte_order_mark_crlf_and_a_missing_last_line_end_change_nothing()
    {
        using var file = new TempFile([0xEF, 0xBB, 0xBF, .. "{\"id\":\"a\",\"source\":\"x\"}\r\n{\"id\":\"b\",\"source\":\"y\"}"u8]);
        var check = InputReader.Check(file.Path, "f", InputUse.Sample, TestContext.Current.CancellationToken);
        Assert.Empty(check.Problems);
        Assert.Equal((2, 0, new FileInfo(file.Path).Length), (check.Items, check.ItemErrors, check.Bytes));
        Assert.Equal(["x", "y"], InputReader.ReadSample(file.Path, "f").Select(i => i.Source));
    }

    [Theory]
    [InlineData("{\"id\":\"a\",\"source\":\"\"}", "emptySource")]
    [InlineData("{\"id\":\"a\",\"source\":\" \\t\\n\"}", "emptySource")]
    [InlineData("{\"id\":\"a\",\"source\":\"\u00A0\"}", "emptySource")]
    [InlineData("{\"id\":\"a\",\"promptIds\":[]}", null)] // there are models that write without a prompt
    [InlineData("{\"id\":\"a\",\"source\":\"x\"}", null)]
    public void An_empty_source_is_an_error_of_its_item(string line, string? code)
    {
        using var file = new TempFile(line);
        Assert.Equal(code, InputReader.ReadSample(file.Path, "f").Single().Error?.Code);
        var check = InputReader.Check(file.Path, "f", InputUse.Sample, TestContext.Current.CancellationToken);
        Assert.Empty(check.Problems);
        Assert.Equal(code is null ? 0 : 1, check.ItemErrors);
    }

    [Fact]
    public void A_line_over_1_MiB_is_an_error_of_its_item_and_its_id_is_found()
    {
        string exactly = "{\"id\":\"fits\",\"source\":\"" + new string('x', (1 << 20) - 25) + "\"}";
        Assert.Equal(1 << 20, exactly.Length);
        using var file =
            new TempFile($"{exactly}\n{{\"source\":\"{new string('y', 3 << 20)}\",\"id\":\"long\"}}\n"
                + $"{exactly.Replace("fits", "over!")}\n{{\"id\":\"b\",\"source\":\"z\"}}\n");
        var items = InputReader.ReadSample(file.Path, "f").ToList();
        Assert.Equal([("fits", null), ("long", "tooLong"), ("over!", "tooLong"), ("b", null)], items.Select(i => (i.Id, i.Error?.Code)));
        Assert.Null(items[1].Source);
        Assert.Equal("the line has 1048577 bytes; at most 1048576 are allowed", items[2].Error!.Message);
        var check = InputReader.Check(file.Path, "f", InputUse.Sample, TestContext.Current.CancellationToken);
        Assert.Empty(check.Problems);
        Assert.Equal((4, 2), (check.Items, check.ItemErrors));
    }

    [Fact]
    public void A_training_pair_may_be_long_and_may_have_any_other_field()
    {
        using var file = new TempFile($"{{\"id\":\"a\",\"source\":\"{new string('y', 3 << 20)}\",\"target\":\"t\",\"cell\":\"no "
            + $"matter\",\"length\":-1}}");
        var pair = InputReader.ReadPairs(file.Path, "f").Single();
        Assert.Equal((3 << 20, "t", null), (pair.Source!.Length, pair.Targets.Single(), pair.Error));
        Assert.Empty(InputReader.Check(file.Path, "f", InputUse.Pairs, TestContext.Current.CancellationToken).Problems);
    }

    [Fact]
    public void References_need_no_source()
    {
        using var file = new TempFile("{\"id\":\"a\",\"target\":[\"t\",\"u\"],\"source\":5}");
        Assert.Equal(["t", "u"], InputReader.ReadReferences(file.Path, "f").Single().Targets);
    }

    [Fact]
    public void The_check_hashes_the_files_bytes()
    {
        byte[] content = [0xEF, 0xBB, 0xBF,
            .. Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 20000).Select(i => $"{{\"id\":\"{i}\",\"source\":\"s\"}}\r\n")))];
        using var file = new TempFile(content);
        string expected = Convert.ToHexStringLower(SHA256.HashData(content));
        var check = InputReader.Check(file.Path, "f", InputUse.Sample, TestContext.Current.CancellationToken);
        Assert.Equal((expected, 20000), (check.Sha256, check.Items));
        Assert.Equal(expected, ContentHash.OfFile(file.Path));
    }

    [Fact]
    public void Lines_of_every_length_around_the_buffers_edge_arrive_whole()
    {
        var random = new Random(3);
        var expected = Enumerable.Range(0, 400).Select(i => new string((char)('a' + i % 26), random.Next(i % 50 == 0 ? 400_000 : 3000)))
            .ToList();
        using var file = new TempFile(string.Concat(expected.Select((s, i) => $"{{\"id\":\"{i}\",\"source\":\"{s}\",\"target\":\"\"}}\n")));
        Assert.Equal(expected, InputReader.ReadPairs(file.Path, "f").Select(i => i.Source));
    }

    [Fact]
    public void Many_lines_are_checked_in_memory_that_grows_by_their_ids_alone()
    {
        using var file = new TempFile(Lines(50_000));
        long before = GC.GetAllocatedBytesForCurrentThread();
        var check = InputReader.Check(file.Path, "f", InputUse.Sample, TestContext.Current.CancellationToken);
        Assert.Equal(50_000, check.Items);
        // Some 600 bytes a line pass through; only the id set, of 40 bytes an id, may stay.
        long live = GC.GetTotalMemory(forceFullCollection: true);
        var again = InputReader.Check(file.Path, "f", InputUse.Sample, TestContext.Current.CancellationToken);
        Assert.Equal(check with { Problems = again.Problems }, again);
        Assert.True(GC.GetTotalMemory(forceFullCollection: true) - live < 1 << 20);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 2 * 50_000L * 1000);
    }

    [Fact]
    public void A_duplicate_among_many_is_found_with_its_first_line()
    {
        using var file = new TempFile([.. Lines(50_000), .. "{\"id\":\"item-0012344\",\"source\":\"s\"}"u8]);
        var problem = Assert.Single(InputReader.Check(file.Path, "f", InputUse.Sample, TestContext.Current.CancellationToken).Problems);
        Assert.Equal((50_001, "duplicate id \"item-0012344\": line 12345 has it too"), (problem.Line, problem.Message));
    }

    [Fact]
    public void Checking_can_be_cancelled()
    {
        using var file = new TempFile("{\"id\":\"a\",\"source\":\"x\"}\n");
        Assert.Throws<OperationCanceledException>(() =>
            InputReader.Check(file.Path, "f", InputUse.Sample, new CancellationToken(canceled: true)));
    }

    [Fact]
    public void Real_data_is_good()
    {
        string data = SharedData.Require("data/multi30k/test2016.jsonl");
        var check = InputReader.Check(data, "test2016.jsonl", InputUse.Pairs, TestContext.Current.CancellationToken);
        Assert.Empty(check.Problems);
        Assert.Equal((1000, 0), (check.Items, check.ItemErrors));
    }

    static byte[] Lines(int count)
    {
        var text = new StringBuilder();
        string source = string.Join(' ', Enumerable.Repeat("Ein Satz, der nicht sehr lang ist.", 15));
        for (int i = 0; i < count; i++) text.Append("{\"id\":\"item-").Append(i.ToString("D7", null)).Append("\",\"source\":\"")
            .Append(source).Append("\",\"target\":\"A sentence.\"}\n");
        return Encoding.UTF8.GetBytes(text.ToString());
    }
}
