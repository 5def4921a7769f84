using System.Text;
using System.Text.Json.Nodes;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Tokenization;
using DiffusionBatch.Pipeline.Inputs;
using DiffusionBatch.Pipeline.Jobs;
using DiffusionBatch.Pipeline.Manifests;
using DiffusionBatch.Pipeline.Problems;
using DiffusionBatch.Pipeline.Roots;

namespace DiffusionBatch.GpuWorker.Tests.Sampling;

public sealed class SampleCheckTests
{
    [Theory]
    [InlineData(120)]
    [InlineData(null)]
    public async Task A_model_without_an_end_id_of_its_vocabulary_is_refused_before_anything_is_written(int? eos)
    {
        using WorkRoot root = new WorkRoot().WithGoldenModel();
        JsonNode config = JsonNode.Parse(File.ReadAllText(root.Path("models/golden/config.json")))!;
        config["eos_token_id"] = eos ?? -1;
        root.Write("models/golden/config.json", config.ToJsonString());
        root.WriteLines("data/in.jsonl", [new { id = "a", promptIds = (int[])[0, 5, 6], length = 4 }]);
        JobOutcome outcome = await root.Run("""
            { "kind": "sample", "name": "s", "model": { "from": "models/golden" }, "input": "data/in.jsonl", "output": "results", "sampler": { "steps": 1 } }
            """);
        Assert.Equal(JobVerdict.BadInput, outcome.Verdict);
        Assert.Contains("eos_token_id", Assert.Single(outcome.Problems).Message, StringComparison.Ordinal);
        Assert.Equal("models/golden/config.json", outcome.Problems[0].File);
        Assert.False(Directory.Exists(root.Path("results")));
    }

    const string Manifest =
        """{ "kind": "sample", "name": "s", "model": { "from": "models/golden" }, "input": "data/in.jsonl", "output": "results", "sampler": { "steps": 1 } }""";

    [Fact]
    public async Task Texts_for_a_model_without_a_tokenizer_are_refused_once_with_the_files_that_were_looked_for()
    {
        using WorkRoot root = new WorkRoot().WithGoldenModel();
        root.Write("data/in.jsonl", """
            {"id":"a","promptIds":[0,5,6],"length":4}
            {"id":"b","source":"x"}
            {"id":"c","source":"x"}
            """);
        JobOutcome outcome = await root.Run(Manifest);
        Assert.Equal(JobVerdict.BadInput, outcome.Verdict);
        Problem problem = Assert.Single(outcome.Problems);
        Assert.Equal(("job.json", "/model/from", TokenizerNames.Missing("models/golden", "data/in.jsonl", 2)),
            (problem.File, problem.Pointer, problem.Message));
        Assert.False(Directory.Exists(root.Path("results")));
    }

    [Fact]
    public void A_worker_that_meets_such_a_text_fails_its_task_with_the_same_reason()
    {
        using WorkRoot root = new WorkRoot().WithGoldenModel();
        using var tasks = new LocalTasks();
        var manifest = (SampleManifest)ManifestReader.Parse(Encoding.UTF8.GetBytes(Manifest), "m", ManifestFormat.Json, null).Manifest!;
        var task = new SampleTask(manifest, root.Folder, manifest.Cells(),
            [new InputItem { Index = 0, Line = 7, Id = "a", Source = "x", Length = 3 }]);
        Problem problem = Assert.Single(Assert.Throws<ProblemsException>(() => tasks.Sample(task, null, default).ToList()).Problems);
        Assert.Equal(("data/in.jsonl", 7, TokenizerNames.Missing("models/golden", "data/in.jsonl", 7)),
            (problem.File, problem.Line, problem.Message));
    }

    [Fact]
    public async Task Training_on_a_model_without_a_tokenizer_is_refused_with_the_files_that_were_looked_for()
    {
        using WorkRoot root = new WorkRoot().WithGoldenModel();
        root.WriteLines("data/train.jsonl", [new { id = "a", source = "x", target = "y" }]);
        foreach (string model in (string[])["""{ "from": "models/golden" }""",
            """{ "new": {}, "tokenizer": { "from": "models/golden" } }"""])
        {
            JobOutcome outcome =
                await root.Run(
                    $$"""{ "kind": "finetune", "name": "f", "model": {{model}}, "data": { "train": "data/train.jsonl", "maxLength": 64 }, "output": "models/f" }""");
            Assert.Equal(JobVerdict.BadInput, outcome.Verdict);
            Problem problem = Assert.Single(outcome.Problems);
            Assert.Contains(TokenizerNames.Missing("models/golden"), problem.Message);
            Assert.Equal(model.Contains("tokenizer", StringComparison.Ordinal)
                ? ("job.json", "/model/tokenizer/from")
                : ("data/train.jsonl", null), (problem.File, problem.Pointer));
        }
        Assert.False(Directory.Exists(root.Path("models/f")));
    }

    [Fact]
    public void Submitting_looks_for_the_files_that_tokenizers_are_read_from()
    {
        Assert.Equal(TokenizerFolder.Expected, TokenizerNames.Expected);
        Assert.All(TokenizerNames.All, name => Assert.Contains(name, TokenizerNames.Expected, StringComparison.Ordinal));
        Assert.Equal(TokenizerNames.All.Count,
            TokenizerNames.Expected.Split(", ").Sum(part => part.Split(" with ").Sum(p => p.Split(" or ").Length)));
    }

    [Fact]
    public async Task Weights_that_are_not_finite_are_refused_with_their_tensor()
    {
        using WorkRoot root = new WorkRoot().WithGoldenModel();
        using (var stream = new FileStream(root.Path("models/golden/model.safetensors"), FileMode.Open))
        {
            stream.Position = stream.Length - 4;
            stream.Write(BitConverter.GetBytes(float.NaN));
        }
        root.WriteLines("data/in.jsonl", [new { id = "a", promptIds = (int[])[0, 5, 6], length = 4 }]);
        JobOutcome outcome = await root.Run(Manifest);
        Assert.Equal(JobVerdict.BadInput, outcome.Verdict);
        Problem problem = Assert.Single(outcome.Problems);
        Assert.Equal("models/golden/model.safetensors", problem.File);
        Assert.Contains("expected finite numbers, found NaN at [", problem.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(root.Path("results")));
    }
}
