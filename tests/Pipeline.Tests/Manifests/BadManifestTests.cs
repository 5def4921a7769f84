using DiffusionBatch.Pipeline.Manifests;
using DiffusionBatch.Pipeline.Problems;

namespace DiffusionBatch.Pipeline.Tests.Manifests;

public sealed class BadManifestTests
{
    public static TheoryData<int> Cases => [.. Enumerable.Range(0, BadManifest.All.Length)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void One_wrong_thing_is_one_problem_that_says_where_and_what(int number)
    {
        var bad = BadManifest.All[number];
        var problem = Read.OneProblem(bad.Text);
        Assert.Equal(("m.json", bad.Pointer, bad.Message), (problem.File, problem.Pointer, problem.Message));
        Assert.True(problem.Line >= 1 && problem.Column >= 1);
    }

    [Fact]
    public void Places_are_those_of_the_value_or_of_an_unknown_fields_name()
    {
        string text = "{ \"kind\": \"sample\",\n  \"näme😀\": 1, \"name\": \"a\", \"seed\": -1,\r\n\t\"model\": { \"from\": "
            + "\"models/de-en\" }, \"input\": \"data/test.jsonl\", \"output\": \"o\" }";
        var problems = Read.Json(text).Problems;
        Assert.Equal([(2, 3, "/näme😀"), (2, 37, "/seed")], problems.Select(p => (p.Line!.Value, p.Column!.Value, p.Pointer!)));
        Assert.Equal("m.json:2:37: /seed: expected a whole number from 0 to 9007199254740991, found -1", problems[1].ToString());
    }

    [Theory]
    [InlineData("", null, null, "the manifest is empty")]
    [InlineData(" \n\t", null, null, "the manifest is empty")]
    [InlineData("[]", 1, 1, "expected an object, found an empty list")]
    [InlineData("{\n \"kind\": \"sample\"\n \"name\"", 3, 2,
        "malformed JSON: '\"' is invalid after a value. Expected either ',', '}', or ']'")]
    [InlineData("{\"kind\": ", 1, 10, "malformed JSON: the text ends inside an object or a list that is not closed")]
    [InlineData("{} {}", 1, 4, "malformed JSON: '{' is invalid after a single JSON value. Expected end of data")]
    [InlineData("{\"kind\": \"\\ud800\"}", 1, 10, "malformed JSON: half of a surrogate pair in a \\u escape")]
    public void Text_that_is_no_json_object_is_one_problem(string text, int? line, int? column, string message)
    {
        var problem = Read.OneProblem(text);
        Assert.Equal((line, column, message), (problem.Line, problem.Column, problem.Message));
    }

    [Fact]
    public void Nesting_without_end_is_a_problem_not_a_crash() =>
        Assert.StartsWith("malformed JSON: The maximum configured depth of 64 has been exceeded",
            Read.OneProblem(new string('[', 100_000)).Message);

    [Fact]
    public void Invalid_utf8_is_a_problem_with_its_place()
    {
        var reading = Read.Bytes([.. "{\n \"é"u8, 0xFF, .. "\": 1}"u8], ManifestFormat.Json);
        Assert.Equal([new Problem("m.json", null, 2, 4, "invalid UTF-8: byte 0xFF")], reading.Problems);
    }

    [Fact]
    public void A_field_that_stands_twice_is_a_problem()
    {
        var problem = Read.OneProblem(Read.Sample.Replace("\"trace\": false", "\"trace\": false, \"seed\": 2"));
        Assert.Equal(("/seed", 4, 48, "the field \"seed\" stands twice in this object"),
            (problem.Pointer, problem.Line, problem.Column, problem.Message));
    }

    [Fact]
    public void A_missing_or_unreadable_manifest_is_a_problem()
    {
        string nowhere = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        Assert.Equal([new Problem(nowhere, null, null, null, "the manifest does not exist")],
            ManifestReader.Read(nowhere, nowhere).Problems);
        var folder = Assert.Single(ManifestReader.Read(Path.GetTempPath(), nowhere).Problems);
        Assert.Equal("the manifest can't be read: it is a folder", folder.Message);
        Assert.Throws<ProblemsException>(() => ManifestReader.Read(nowhere, nowhere).Require());
    }

    [Fact]
    public void Too_many_cells_are_a_problem()
    {
        string many = string.Join(',', Enumerable.Range(1, 501));
        var problem =
            Read.OneProblem(Read.Sample.Replace("[1, 2, 4, 8, 16, 32, 50]", $"[{many}]").Replace("\"beam\": 5", "\"beam\": [1, 5]"));
        Assert.Equal(("/sampler", "expected at most 1000 combinations of the listed values, found 1002"),
            (problem.Pointer, problem.Message));
    }
}
