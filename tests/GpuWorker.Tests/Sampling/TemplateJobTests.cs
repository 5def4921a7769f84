using System.Text.Json.Nodes;
using DiffusionBatch.Diffusion.Tokenization;
using DiffusionBatch.Pipeline.Jobs;

namespace DiffusionBatch.GpuWorker.Tests.Sampling;

/// <summary>Lines whose response is given but for its blanks.</summary>
public sealed class TemplateJobTests
{
    internal static WorkRoot Root()
    {
        string model = SharedData.Require("data/models/stories260K");
        var root = new WorkRoot();
        Directory.CreateDirectory(root.Path("models/m"));
        foreach (string file in (string[])["config.json", "model.safetensors", "tokenizer.model"])
            File.Copy(Path.Combine(model, file), root.Path($"models/m/{file}"));
        // As if it had been adapted, with the last piece for the mask.
        root.Write("models/m/diffusion.json", """{ "specials": { "bos": 1, "pad": 0, "eos": 2, "unk": 0, "mask": 511 } }""");
        return root;
    }

    const string Job = """
        { "kind": "sample", "name": "t", "model": { "from": "models/m" }, "input": "data/in.jsonl", "output": "results", "errorThreshold": -1, "ids": true,
          "sampler": { "preset": ["llada", "rdm"], "steps": 4 } }
        """;

    [Fact]
    public async Task Blanks_are_filled_and_all_else_of_the_text_stays()
    {
        using WorkRoot root = Root();
        root.WriteLines("data/in.jsonl",
        [
            new { id = "two", source = "Once upon", template = "a time {blank:3} went {blank}." },
            new { id = "front", source = "Once", template = "{blank:2} upon {other} a time", length = 2 },
            new { id = "alone", template = "Lily {blank:4}" }, new { id = "long", source = "Once", template = "{blank:600}" },
        ]);
        await root.MustRun(Job);
        var tokenizer = TokenizerFolder.Open(root.Path("models/m"))!;
        foreach (string preset in (string[])["llada", "rdm"])
        {
            var lines = root.Lines($"results/steps=4,preset={preset}").ToDictionary(l => l.Key, l => JsonNode.Parse(l.Value)!);
            int[] ids = [.. lines["two"]["ids"]!.AsArray().Select(t => (int)t!)];
            Assert.Equal(4, ids.Length);
            Assert.DoesNotContain(511, ids);
            string text = (string)lines["two"]["text"]!;
            Assert.Equal(tokenizer.Decode(
                [.. tokenizer.Encode("a time "), .. ids[..3], .. tokenizer.Encode(" went "), .. ids[3..], .. tokenizer.Encode(".")]), text);
            Assert.StartsWith("a time", text, StringComparison.Ordinal);
            Assert.Contains(" went", text, StringComparison.Ordinal);
            Assert.Equal(4, lines["front"]["ids"]!.AsArray().Count); // its own length stands behind
            Assert.Contains("upon {other} a time", (string)lines["front"]["text"]!, StringComparison.Ordinal);
            Assert.StartsWith("Lily", (string)lines["alone"]["text"]!, StringComparison.Ordinal);
            Assert.Equal("tooLong", (string)lines["long"]["error"]!["code"]!);
        }
    }

    [Theory]
    [InlineData("{blank:0}")]
    [InlineData("{blank:many}")]
    public async Task A_blank_of_no_number_is_a_problem_of_its_line(string blank)
    {
        using WorkRoot root = Root();
        root.WriteLines("data/in.jsonl",
            [new { id = "a", source = "x", template = "good {blank}" }, new { id = "b", source = "x", template = $"bad {blank}" }]);
        JobOutcome outcome = await root.Run(Job);
        Assert.Equal(JobVerdict.BadInput, outcome.Verdict);
        var problem = Assert.Single(outcome.Problems);
        Assert.Equal(("data/in.jsonl", "/template", 2), (problem.File, problem.Pointer, problem.Line));
        Assert.Contains(blank, problem.Message, StringComparison.Ordinal);
    }
}
