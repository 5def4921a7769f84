using DiffusionBatch.Pipeline.Inputs;
using DiffusionBatch.Pipeline.Problems;

namespace DiffusionBatch.Pipeline.Tests.Inputs;

public sealed class InputProblemTests
{
    const string Good = "{\"id\":\"a\",\"source\":\"x\"}\n";

    static InputCheck Check(byte[] content, InputUse use = InputUse.Sample)
    {
        using var file = new TempFile(content);
        return InputReader.Check(file.Path, "d.jsonl", use, TestContext.Current.CancellationToken);
    }

    static InputCheck Check(string content, InputUse use = InputUse.Sample) => Check(System.Text.Encoding.UTF8.GetBytes(content), use);

    [Theory]
    // syntax
    [InlineData("{\"id\":\"b\",\"source\":\"x\"", 23, null, "malformed JSON: the text ends inside an object or a list that is not closed")]
    [InlineData("{\"id\":\"b\" \"source\":\"x\"}", 11, null,
        "malformed JSON: '\"' is invalid after a value. Expected either ',', '}', or ']'")]
    [InlineData("{\"id\":\"é\",\"source\":x}", 20, null, "malformed JSON: 'x' is an invalid start of a value")]
    [InlineData("{\"id\":\"b\",\"source\":tru}", 23, null, "malformed JSON: expected a value, found 'tru'")]
    [InlineData("{\"id\":\"b\",\"source\":\"x\",}", 24, null, "malformed JSON: The JSON object contains a trailing comma at the end")]
    [InlineData("{\"id\":\"b\",\"source\":\"x\"} // no", 25, null,
        "malformed JSON: '/' is invalid after a single JSON value. Expected end of data")]
    [InlineData("{\"id\":\"b\",\"source\":\"x\"} {}", 25, null,
        "malformed JSON: '{' is invalid after a single JSON value. Expected end of data")]
    [InlineData("[1]", 1, null, "expected a JSON object on each line, found a list")]
    [InlineData("\"a\"", 1, null, "expected a JSON object on each line, found the text \"a\"")]
    // ids
    [InlineData("{\"source\":\"x\"}", 1, null, "the field \"id\" is missing: each line needs one, a non-empty text")]
    [InlineData("{\"id\":\"\",\"source\":\"x\"}", 7, "/id", "expected a non-empty text, found \"\"")]
    [InlineData("{\"id\":7,\"source\":\"x\"}", 7, "/id", "expected a non-empty text, found the number 7")]
    [InlineData("{\"id\":null,\"source\":\"x\"}", 7, "/id", "expected a non-empty text, found null")]
    [InlineData("{\"source\":\"x\",\"id\":{\"a\":[1]}}", 20, "/id", "expected a non-empty text, found an object")]
    [InlineData("{\"id\":\"b\",\"id\":\"c\",\"source\":\"x\"}", 11, "/id", "the field \"id\" stands twice in this line")]
    [InlineData("{\"source\":\"y\",\"id\":\"a\"}", null, "/id", "duplicate id \"a\": line 1 has it too")]
    [InlineData("{\"id\":\"\\u0061\",\"source\":\"y\"}", null, "/id", "duplicate id \"a\": line 1 has it too")]
    // fields
    [InlineData("{\"id\":\"b\"}", 1, null, "the field \"source\" is missing: each line needs it, or \"promptIds\"")]
    [InlineData("{\"id\":\"b\",\"source\":null}", 1, null, "the field \"source\" is missing: each line needs it, or \"promptIds\"")]
    [InlineData("{\"id\":\"b\",\"source\":\"x\",\"promptIds\":[0]}", 1, null, "expected either \"source\" or \"promptIds\", found both")]
    [InlineData("{\"id\":\"b\",\"source\":5}", 20, "/source", "expected a text, found the number 5")]
    [InlineData("{\"id\":\"b\",\"source\":\"\\ud800\"}", 20, "/source",
        "expected a text of Unicode characters, found half of a surrogate pair in a \\u escape")]
    [InlineData("{\"id\":\"b\",\"source\":\"x\",\"target\":5}", 33, "/target", "expected a text or a list of texts, found the number 5")]
    [InlineData("{\"id\":\"b\",\"source\":\"x\",\"target\":[]}", 33, "/target",
        "expected a text or a list of at least one text, found an empty list")]
    [InlineData("{\"id\":\"b\",\"source\":\"x\",\"target\":[\"u\",true]}", 38, "/target/1", "expected a text, found true")]
    [InlineData("{\"id\":\"b\",\"promptIds\":\"0 17\"}", 23, "/promptIds", "expected a list of token ids, found the text \"0 17\"")]
    [InlineData("{\"id\":\"b\",\"promptIds\":[0,-1]}", 26, "/promptIds/1",
        "expected a token id, a whole number from 0, found the number -1")]
    [InlineData("{\"id\":\"b\",\"promptIds\":[0,1.5]}", 26, "/promptIds/1",
        "expected a token id, a whole number from 0, found the number 1.5")]
    [InlineData("{\"id\":\"b\",\"promptIds\":[0,[1]]}", 26, "/promptIds/1", "expected a token id, a whole number from 0, found a list")]
    [InlineData("{\"id\":\"b\",\"source\":\"x\",\"length\":0}", 33, "/length",
        "expected a number of tokens, a whole number from 1, found the number 0")]
    [InlineData("{\"id\":\"b\",\"source\":\"x\",\"length\":\"9\"}", 33, "/length",
        "expected a number of tokens, a whole number from 1, found the text \"9\"")]
    [InlineData("{\"id\":\"b\",\"source\":\"x\",\"length\":3000000000}", 33, "/length",
        "expected a number of tokens, a whole number from 1, found the number 3000000000")]
    public void A_bad_line_is_one_problem_with_its_line_column_and_field(string line, int? column, string? pointer, string message)
    {
        var check = Check(Good + "\r\n" + line + "\r\n" + Good.Replace("\"a\"", "\"last\""));
        Assert.Equal([new Problem("d.jsonl", pointer, 3, column, message)], check.Problems);
    }

    [Theory]
    [InlineData("{\"id\":\"b\",\"source\":\"x\"}", InputUse.Pairs, "the field \"target\" is missing: each training pair needs it, a text")]
    [InlineData("{\"id\":\"b\",\"target\":\"x\"}", InputUse.Pairs, "the field \"source\" is missing: each training pair needs it, a text")]
    [InlineData("{\"id\":\"b\",\"source\":\"x\",\"target\":[\"y\"]}", InputUse.Pairs, "expected a text, found a list")]
    [InlineData("{\"id\":\"b\",\"source\":\"x\"}", InputUse.References,
        "the field \"target\" is missing: each reference needs it, a text or a list of texts")]
    [InlineData("{\"id\":\"b\",\"promptIds\":[3]}", InputUse.Pairs,
        "the field \"targetIds\" is missing: each training pair of token ids needs it")]
    [InlineData("{\"id\":\"b\",\"targetIds\":[3],\"source\":\"x\"}", InputUse.Texts,
        "expected either \"source\" and \"target\" or \"promptIds\" and \"targetIds\", found some of both")]
    [InlineData("{\"id\":\"b\",\"targetIds\":[]}", InputUse.Texts, "expected at least one token id, found none")]
    public void Each_use_asks_for_its_fields(string line, InputUse use, string message) =>
        Assert.Equal(message, Assert.Single(Check(line, use).Problems).Message);

    [Fact]
    public void Files_that_are_missing_folders_or_empty_are_problems()
    {
        Assert.Equal([Problem.OfFile("d", "the file does not exist")],
            InputReader.Check(Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()), "d", InputUse.Sample, default).Problems);
        Assert.Equal([Problem.OfFile("d", "the file does not exist")],
            InputReader.Check(Path.Combine(Path.GetTempPath(), Path.GetRandomFileName(), "x"), "d", InputUse.Sample, default).Problems);
        Assert.Equal([Problem.OfFile("d", "expected a file, found a folder")],
            InputReader.Check(Path.GetTempPath(), "d", InputUse.Sample, default).Problems);
        Assert.Equal([Problem.OfFile("d.jsonl", "the file is empty; at least one line is expected")], Check("").Problems);
        Assert.Equal([Problem.OfFile("d.jsonl", "the file has blank lines only; at least one JSON line is expected")],
            Check("\uFEFF\n \r\n").Problems);
    }

    [Fact]
    public void Invalid_utf8_names_the_byte_of_the_file()
    {
        byte[] good = System.Text.Encoding.UTF8.GetBytes(Good);
        var check =
            Check([.. good, .. "{\"id\":\"é"u8, 0xC3, 0x28, .. "\",\"source\":\"\"}\n"u8,
                .. Good.Replace("\"a\"", "\"c\"").Select(c => (byte)c)]);
        Assert.Equal([new Problem("d.jsonl", null, 2, 9, $"invalid UTF-8: byte 0xC3 at offset {good.Length + 9} of the file")],
            check.Problems);
        Assert.Equal(2, check.Items);
    }

    [Fact]
    public void Twenty_problems_are_listed_and_the_rest_counted()
    {
        var exact = Check(string.Concat(Enumerable.Repeat("{}\n", 10)));
        Assert.Equal(20, exact.Problems.Count); // id and source of each line
        Assert.All(exact.Problems, p => Assert.NotNull(p.Line));
        var more = Check(string.Concat(Enumerable.Repeat("{}\n", 10)) + "x\n");
        Assert.Equal(21, more.Problems.Count);
        Assert.Equal(Problem.OfFile("d.jsonl", "and 1 more problem in this file"), more.Problems[20]);
        Assert.Equal("and 180 more problems in this file", Check(string.Concat(Enumerable.Repeat("{}\n", 100))).Problems[^1].Message);
    }

    [Fact]
    public void Reading_a_bad_line_throws_its_problem()
    {
        using var file = new TempFile(Good + "x\n");
        var items = InputReader.ReadSample(file.Path, "d.jsonl").GetEnumerator();
        Assert.True(items.MoveNext());
        Assert.Equal(2, Assert.Single(Assert.Throws<ProblemsException>(() => items.MoveNext()).Problems).Line);
    }

    [Fact]
    public void Messages_hold_no_control_characters()
    {
        var check = Check("{\"id\":\"a\\n\\u001b[31m\",\"source\":\"x\"}\n{\"id\":\"a\\n\\u001b[31m\",\"source\":\"x\"}\n");
        Assert.Equal("duplicate id \"a\\n\\u001b[31m\": line 1 has it too", Assert.Single(check.Problems).Message);
    }
}
