using System.Globalization;
using System.Text;
using DiffusionBatch.Pipeline.Inputs;
using DiffusionBatch.Pipeline.Problems;

namespace DiffusionBatch.Pipeline.Tests.Inputs;

[Collection("whole heap")]
public sealed class ReferenceFileTests
{
    static string Line(int i) => $"{{\"id\":\"i{i}\",\"source\":\"s {i}\",\"target\":[\"t {i}\",\"ü {i} 🙂\"]}}";

    static TempFile Lines(int count, string end = "\n") =>
        new("\uFEFF" + string.Concat(Enumerable.Range(0, count).Select(i => Line(i) + end + (i % 7 == 0 ? " \t" + end : ""))));

    static void Same(int i, InputItem? found)
    {
        Assert.NotNull(found);
        Assert.Equal(($"i{i}", i, $"s {i}"), (found.Id, found.Index, found.Source));
        Assert.Equal([$"t {i}", $"ü {i} 🙂"], found.Targets);
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    public void Asked_for_in_order_it_is_a_merge_without_an_index(string end)
    {
        using var file = Lines(500, end);
        using var references = new ReferenceFile(file.Path, "r.jsonl");
        Assert.Equal((500, new FileInfo(file.Path).Length), (references.Count, references.Bytes));
        for (int pass = 0; pass < 2; pass++, references.Rewind())
            for (int i = 0; i < 500; i++) Same(i, references.Find($"i{i}"));
        Assert.False(references.IsIndexed);
        Assert.Equal(500, references.All().Count());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void In_any_order_with_gaps_and_repeats_each_id_has_its_reference(int seed)
    {
        using var file = Lines(400);
        using var references = new ReferenceFile(file.Path, "r.jsonl");
        var random = new Random(seed);
        int at = 0;
        for (int asked = 0; asked < 3_000; asked++)
        {
            // Mostly on by one, at times a leap forth or back, or an id that isn't there.
            at = random.Next(10) switch { 0 => random.Next(400), 1 => Math.Min(399, at + random.Next(100)), 2 => at, _ => (at + 1) % 400 };
            if (random.Next(20) == 0) Assert.Null(references.Find($"x{at}"));
            Same(at, references.Find($"i{at}"));
        }
        Assert.True(references.IsIndexed);
    }

    [Fact]
    public void After_the_last_reference_there_is_none()
    {
        using var file = new TempFile(Line(0));
        using var references = new ReferenceFile(file.Path, "r.jsonl");
        Same(0, references.Find("i0"));
        Same(0, references.Find("i0"));
        Assert.Null(references.Find("i1"));
        Same(0, references.Find("i0"));
    }

    [Fact]
    public void A_source_that_is_no_text_is_not_shown_and_no_problem()
    {
        using var file =
            new TempFile("{\"id\":\"a\",\"source\":{\"x\":[1]},\"target\":\"t\"}\n{\"id\":\"b\",\"source\":3,\"target\":\"t\"}\n");
        Assert.Empty(InputReader.Check(file.Path, "r.jsonl", InputUse.References).Problems);
        using var references = new ReferenceFile(file.Path, "r.jsonl");
        Assert.Null(references.Find("a")!.Source);
        Assert.Null(references.Find("b")!.Source);
    }

    [Fact]
    public void A_file_that_was_changed_since_its_check_is_a_problem_with_its_line()
    {
        using var file = new TempFile(Line(0) + "\n{\"id\":\"b\"}\n");
        using var references = new ReferenceFile(file.Path, "r.jsonl");
        Same(0, references.Find("i0"));
        Assert.Equal(("r.jsonl", 2),
            Assert.Throws<ProblemsException>(() => references.Find("b")).Problems.Select(p => (p.File, p.Line!.Value)).Single());
    }

    [Fact]
    public void Memory_does_not_grow_with_the_lines_in_order_and_by_their_places_alone_out_of_order()
    {
        const int Count = 100_000;
        string filler = new('x', 300);
        var text = new StringBuilder();
        for (int i = 0; i < Count; i++) text.Append(CultureInfo.InvariantCulture, $"{{\"id\":\"i{i}\",\"target\":\"{filler}\"}}\n");
        using var file = new TempFile(text.ToString());
        text.Clear().Capacity = 0;
        long before = GC.GetTotalMemory(forceFullCollection: true);
        using var references = new ReferenceFile(file.Path, "r.jsonl");
        for (int i = 0; i < Count; i++) Assert.NotNull(references.Find($"i{i}"));
        long inOrder = GC.GetTotalMemory(forceFullCollection: true) - before;
        Assert.True(inOrder < 1 << 20, $"{inOrder} bytes more"); // fewer, where others freed some
        Assert.NotNull(references.Find("i0"));
        long indexed = GC.GetTotalMemory(forceFullCollection: true) - before;
        Assert.InRange(indexed, 0, 90L * Count);
    }
}
