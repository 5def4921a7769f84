using System.Text.Json;
using System.Text.Json.Nodes;
using DiffusionBatch.Pipeline.Jobs;

namespace DiffusionBatch.GpuWorker.Tests.Sampling;

/// <summary>Jobs of the preset autoregressive on folders as their makers left them.</summary>
public sealed class AutoregressiveJobTests
{
    static WorkRoot Root(string shared, params string[] others)
    {
        string folder = SharedData.Require(shared);
        var root = new WorkRoot();
        Directory.CreateDirectory(root.Path("models/m"));
        foreach (string file in (string[])["config.json", "model.safetensors", .. others])
            File.Copy(Path.Combine(folder, file), root.Path($"models/m/{file}"));
        return root;
    }

    static string Job(string sampler, string more = "") =>
        $$"""{ "kind": "sample", "name": "s", "model": { "from": "models/m" }, "input": "data/in.jsonl", "output": "results", "sampler": { {{sampler}} } {{more}} }""";

    [Fact]
    public async Task Stories_go_on_as_published_with_and_without_a_tokenizer()
    {
        foreach (string[] files in (string[][])[[], ["tokenizer.model"]])
        {
            using WorkRoot root = Root("data/models/stories260K", files);
            using var json = JsonDocument.Parse(File.ReadAllText(SharedData.Require("data/models/stories260K/greedy.json")));
            int[] expected = [.. json.RootElement.GetProperty("greedy_token_ids").EnumerateArray().Select(t => t.GetInt32())];
            root.WriteLines("data/in.jsonl",
                [new { id = "a", promptIds = expected[..1] }, new { id = "b", promptIds = expected[..40] },
                    new { id = "c", promptIds = (int[])[1, 511] }]);
            await root.MustRun(Job("""
                "preset": "autoregressive", "cache": ["exact", "none"], "length": { "source": "fixed", "value": 60 }
                """));
            foreach (string cache in (string[])["exact", "none"])
            {
                var lines = root.Lines($"results/steps=50,cache={cache}").ToDictionary(l => l.Key, l => JsonNode.Parse(l.Value)!);
                Assert.Equal(expected[1..61], lines["a"]["ids"]!.AsArray().Select(t => (int)t!));
                Assert.Equal(expected[40..100], lines["b"]["ids"]!.AsArray().Select(t => (int)t!));
                Assert.Equal(60, (int)lines["a"]["nfe"]!);
                Assert.Null(lines["c"]["error"]); // the vocabulary's last id is a token like any other
                Assert.Equal(files.Length > 0, lines["a"]["text"] is not null);
            }
        }
    }

    [Fact]
    public async Task Texts_are_prompts_too_and_a_line_may_say_its_length()
    {
        using WorkRoot root = Root("data/models/stories260K", "tokenizer.model");
        root.WriteLines("data/in.jsonl",
            [new { id = "a", source = "Once upon a time", length = 12 }, new { id = "b", source = "Lily", length = 3 }]);
        await root.MustRun(
            Job("\"preset\": \"autoregressive\", \"temperature\": [0, 0.8], \"topK\": 40, \"topP\": 0.9, \"candidates\": 3"));
        var line = JsonNode.Parse(root.Lines("results/steps=50,temperature=0")["a"])!;
        Assert.Equal(", there was a little girl named Lily", ((string)line["text"]!)[..36]);
        Assert.Equal((12, 36), ((int)line["length"]!, (int)line["nfe"]!));
    }

    [Theory]
    [InlineData("golden/xlm-roberta", "xlm-roberta")]
    [InlineData("golden/bert", "bert")]
    public async Task A_model_of_another_kind_is_refused_before_anything_is_written(string folder, string type)
    {
        using WorkRoot root = Root(folder);
        root.WriteLines("data/in.jsonl", [new { id = "a", promptIds = (int[])[0, 5], length = 4 }]);
        JobOutcome outcome = await root.Run(Job("\"preset\": \"autoregressive\""));
        Assert.Equal(JobVerdict.BadInput, outcome.Verdict);
        Assert.Contains($"found {type}", Assert.Single(outcome.Problems).Message, StringComparison.Ordinal);
        Assert.Equal("models/m/config.json", outcome.Problems[0].File);
    }

    [Theory]
    [InlineData("\"preset\": \"autoregressive\", \"beam\": 4, \"temperature\": 0.5", "/sampler/beam")]
    [InlineData("\"preset\": \"autoregressive\", \"cache\": \"dual\"", "/sampler/cache")]
    [InlineData("\"preset\": \"autoregressive\", \"reMask\": \"cond\"", "/sampler/reMask")]
    [InlineData("\"preset\": \"rdm\", \"topK\": 5", "/sampler/topK")]
    [InlineData("\"preset\": \"threshold\", \"cache\": \"exact\"", "/sampler/cache")]
    [InlineData("\"preset\": \"llada\", \"endOfTurn\": 3", "/sampler/endOfTurn")]
    public async Task Fields_that_do_not_go_together_are_refused(string sampler, string pointer)
    {
        using WorkRoot root = Root("golden/llama");
        root.WriteLines("data/in.jsonl", [new { id = "a", promptIds = (int[])[0, 5], length = 4 }]);
        JobOutcome outcome = await root.Run(Job(sampler));
        Assert.Equal((JobVerdict.BadInput, pointer), (outcome.Verdict, Assert.Single(outcome.Problems).Pointer));
    }
}
