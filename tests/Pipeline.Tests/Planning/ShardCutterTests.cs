using System.Text;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Inputs;
using DiffusionBatch.Pipeline.Planning;
using DiffusionBatch.Pipeline.Tests.Inputs;

namespace DiffusionBatch.Pipeline.Tests.Planning;

/// <summary>Shards are the input, cut: read from their bytes alone they give its items, whatever stands between the lines.</summary>
public sealed class ShardCutterTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 7)]
    [InlineData(3, 30)]
    [InlineData(4, 31)]
    [InlineData(5, 1000)]
    public void The_items_of_all_shards_are_those_of_the_file(int seed, int shardSize)
    {
        var random = new Random(seed);
        var text = new StringBuilder(seed % 2 == 0 ? "\uFEFF" : "");
        for (int i = 0; i < 30; i++)
        {
            for (int blank = random.Next(3); blank > 0; blank--) text.Append(random.Next(2) == 0 ? "\n" : "  \r\n");
            text.Append($$"""{"id":"i{{i}}","source":"{{new string('ü', random.Next(40))}}x"}""")
                .Append(i == 29 && seed % 3 == 0 ? "" : random.Next(2) == 0 ? "\n" : "\r\n");
        }
        byte[] bytes = Encoding.UTF8.GetBytes(text.ToString());
        var tasks = new List<TaskPlan>();
        var cutter = new ShardCutter(shardSize, tasks.Add);
        InputCheck check = InputReader.Check(new MemoryStream(bytes), "in", InputUse.Sample, cutter.Add, default);
        cutter.Finish();
        Assert.Empty(check.Problems);
        using var whole = new TempFile(bytes);
        List<InputItem> expected = [.. InputReader.ReadSample(whole.Path, "in")], found = [];
        foreach ((int part, TaskPlan task) in tasks.Index())
        {
            Assert.Equal((part, part), (task.Ordinal, task.Part));
            using var shard = new TempFile(bytes.AsSpan((int)task.ByteOffset, (int)task.ByteLength).ToArray());
            List<InputItem> items = [.. InputReader.ReadSample(shard.Path, "in",
                new ItemSpan(task.FirstItem, (int)task.FirstLine, task.ByteOffset, task.ByteOffset + task.ByteLength))];
            Assert.Equal(task.ItemCount, items.Count);
            found.AddRange(items);
        }
        Assert.Equal((30 + shardSize - 1) / shardSize, cutter.Parts);
        Assert.Equal(expected.Select(i => (i.Index, i.Line, i.Id, i.Source)), found.Select(i => (i.Index, i.Line, i.Id, i.Source)));
    }
}
