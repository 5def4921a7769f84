using DiffusionBatch.Pipeline.Problems;
using DiffusionBatch.Pipeline.Results;
using DiffusionBatch.Pipeline.Tests.Jobs;

namespace DiffusionBatch.Pipeline.Tests.Results;

public sealed class PredictionReaderTests : IDisposable
{
    readonly TestRoot _root = new();

    public void Dispose() => _root.Dispose();

    IReadOnlyList<Problem> Check(string path) => PredictionReader.Check(_root.Path(path), path, TestContext.Current.CancellationToken);

    [Fact]
    public void Cells_come_by_steps_and_parts_in_order()
    {
        foreach (string cell in (string[])["steps=10", "steps=2", "steps=2,length.beam=5"])
            for (int part = 0; part < 2; part++)
                _root.Write($"r/{cell}/part-{part:D5}.jsonl", $"{{\"id\":\"{part}\",\"text\":\"t\"}}\n");
        _root.Write("r/steps=2/trace-00000.jsonl", "{}\n");
        _root.Write("r/.dbatch/part-00000.jsonl", "x");
        Assert.Empty(Check("r"));
        IReadOnlyList<PredictionCell> cells = PredictionReader.Cells(_root.Path("r"));
        Assert.Equal(["steps=2", "steps=2,length.beam=5", "steps=10"], cells.Select(c => c.Name));
        Assert.Equal(["0", "1"], PredictionReader.Read(cells[0]).Select(p => p.Id));
    }

    [Fact]
    public void One_file_is_the_cell_all()
    {
        _root.Write("p.jsonl",
            "{\"id\":\"a\",\"text\":\"t\",\"more\":1}\n\n{\"id\":\"b\",\"error\":{\"code\":\"tooLong\",\"message\":\"m\"}}\n");
        Assert.Empty(Check("p.jsonl"));
        PredictionCell cell = Assert.Single(PredictionReader.Cells(_root.Path("p.jsonl")));
        Assert.Equal("all", cell.Name);
        string file = _root.Path("p.jsonl");
        Assert.Equal([new Prediction("a", "t", null) { File = file, Line = 1 },
            new Prediction("b", null, "tooLong") { File = file, Line = 3 }], PredictionReader.Read(cell));
    }

    [Fact]
    public void An_id_that_comes_twice_is_for_the_job_to_list()
    {
        _root.Write("p.jsonl", "{\"id\":\"a\",\"text\":\"t\"}\n{\"id\":\"a\",\"text\":\"u\"}\n");
        Assert.Empty(Check("p.jsonl"));
    }

    [Theory]
    [InlineData("", 0, "empty")]
    [InlineData("{\"text\":\"t\"}", 1, "\"id\" is expected")]
    [InlineData("{\"id\":\"a\"}", 1, "\"text\" is expected")]
    [InlineData("{\"id\":\"a\",\"text\":null}", 1, "no tokenizer")]
    [InlineData("{\"id\":\"a\",\"text\":\"\\ud800\"}", 1, "half of a surrogate pair")]
    [InlineData("{\"id\":\"\\udc00\",\"text\":\"t\"}", 1, "half of a surrogate pair")]
    [InlineData("{\"id\":\"a\",", 1, "malformed JSON")]
    [InlineData("[]", 1, "object")]
    public void Bad_lines_are_problems(string text, int line, string message)
    {
        _root.Write("p.jsonl", text);
        Problem problem = Check("p.jsonl")[0];
        Assert.Equal(line, problem.Line ?? 0);
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Invalid_utf8_and_many_problems()
    {
        File.WriteAllBytes(_root.Path("p.jsonl"), [.. "{\"id\":\"a\",\"text\":\"t\"}\n{\"id\":\""u8, 0xFF, .. "\"}"u8]);
        Assert.Contains("invalid UTF-8", Assert.Single(Check("p.jsonl")).Message, StringComparison.Ordinal);
        _root.Write("q.jsonl", string.Concat(Enumerable.Repeat("{}\n", 30)));
        Assert.Equal(21, Check("q.jsonl").Count);
        Assert.Contains("10 more", Check("q.jsonl")[^1].Message, StringComparison.Ordinal);
    }
}
