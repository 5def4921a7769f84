using System.Text.Json;
using DiffusionBatch.Diffusion.Checkpoints;
using DiffusionBatch.Diffusion.Tokenization;
using DiffusionBatch.Pipeline.Jobs;

namespace DiffusionBatch.GpuWorker.Tests.Finetuning;

/// <summary>Training on lines of token ids, with and without a tokenizer.</summary>
public sealed class TokenPairsJobTests
{
    const string Training =
        """ "training": { "steps": 60, "batchTokens": 256, "learningRate": 0.02, "warmupSteps": 5, "evaluateEvery": 30 } """;
    const string Model =
        """ "model": { "new": { "hiddenSize": 16, "layers": 2, "heads": 2, "feedForwardSize": 32, "maxPositions": 32, "dropout": 0, "vocabularySize": 20 } } """;

    /// <summary>A response repeats its prompt; ids 0 to 2 occur in both.</summary>
    static WorkRoot Copies()
    {
        var root = new WorkRoot();
        var pairs = Enumerable.Range(0, 40).Select(i => (Id: $"c{i}", Ids: (int[])[i % 19, (i * 7 + 3) % 19, (i * 5 + 1) % 19])).ToArray();
        root.WriteLines("data/train.jsonl", pairs.Select(p => new { id = p.Id, promptIds = p.Ids, targetIds = p.Ids }));
        root.WriteLines("data/test.jsonl", pairs.Take(8).Select(p => new { id = p.Id, promptIds = p.Ids, length = 3 }));
        return root;
    }

    static string Finetune(string model = Model, string more = "", string train = "data/train.jsonl", string objective = "") =>
        $$"""{ "kind": "finetune", "name": "ids", {{model}}, "data": { "train": "{{train}}", "validation": "{{train}}", "maxLength": 16 }, "objective": { {{objective}} }, {{Training}}, {{more}} "output": "models/ids" }""";

    [Fact]
    public async Task A_model_without_a_tokenizer_is_trained_on_ids_and_sampled_with_ids()
    {
        using WorkRoot root = Copies();
        await root.MustRun(Finetune());
        using (var checkpoint = Checkpoint.Load(root.Path("models/ids")))
        {
            Assert.Null(checkpoint.Tokenizer);
            Assert.Equal((20, new SpecialTokens(0, 1, 2, -1, 19)), (checkpoint.Model.VocabularySize, checkpoint.Specials));
        }
        double[] losses = [.. File.ReadLines(root.Path("models/ids/train.jsonl")).Select(l => JsonDocument.Parse(l).RootElement)
            .Where(l => l.TryGetProperty("validationLoss", out _)).Select(l => l.GetProperty("validationLoss").GetDouble())];
        Assert.True(losses[^1] < 0.9 * losses[0], string.Join(", ", losses));

        await root.MustRun(
            """{ "kind": "sample", "name": "s", "model": { "from": "models/ids" }, "input": "data/test.jsonl", "output": "results/ids", "sampler": { "steps": 3 } }""");
        Assert.All(root.Lines("results/ids/steps=3").Values, line =>
        {
            JsonElement result = JsonDocument.Parse(line).RootElement;
            Assert.Equal(3, result.GetProperty("ids").GetArrayLength());
            Assert.Equal(JsonValueKind.Null, result.GetProperty("text").ValueKind);
        });
    }

    [Fact]
    public async Task Ids_that_a_tokenizer_gives_train_the_same_weights_as_the_texts()
    {
        using WorkRoot root = AdaptationFolders.Root();
        string Job(string train, string output) => $$"""
            { "kind": "finetune", "name": "t", "model": { "from": "models/base" }, "data": { "train": "{{train}}", "maxLength": 48 }, "output": "models/{{output}}",
              "training": { "steps": 6, "batchTokens": 256, "learningRate": 0.01 } }
            """;
        await root.MustRun("""
            { "kind": "finetune", "name": "base", "output": "models/base", "data": { "train": "data/train.jsonl", "maxLength": 48 }, "training": { "steps": 1, "batchTokens": 256, "learningRate": 0.01 },
              "model": { "new": { "hiddenSize": 16, "layers": 1, "heads": 2, "feedForwardSize": 24, "maxPositions": 64, "dropout": 0 }, "tokenizer": { "train": "bpe", "vocabularySize": 290 } } }
            """);
        ITextTokenizer tokenizer = TokenizerFolder.Open(root.Path("models/base"))!;
        root.WriteLines("data/ids.jsonl",
            File.ReadLines(root.Path("data/train.jsonl")).Select(l => JsonDocument.Parse(l).RootElement).Select(l => new
            {
                id = l.GetProperty("id").GetString(),
                promptIds = (int[])[tokenizer.Specials.Bos, .. tokenizer.Encode(l.GetProperty("source").GetString()!)],
                targetIds = tokenizer.Encode(l.GetProperty("target").GetString()!),
            }));
        await root.MustRun(Job("data/train.jsonl", "texts"));
        await root.MustRun(Job("data/ids.jsonl", "ids"));
        Assert.Equal(File.ReadAllBytes(root.Path("models/texts/model.safetensors")),
            File.ReadAllBytes(root.Path("models/ids/model.safetensors")));
    }

    [Theory]
    [InlineData("""{"id":"a","promptIds":[1],"targetIds":[4,20]}""", "", "/targetIds/1",
        "expected a token id below the model's 20, found 20")]
    [InlineData("""{"id":"a","promptIds":[33],"targetIds":[4]}""", "", "/promptIds/0",
        "expected a token id below the model's 20, found 33")]
    [InlineData("""{"id":"a","source":"x","target":"y"}""", "", null, "has no tokenizer; expected \"promptIds\" and \"targetIds\"")]
    [InlineData("""{"id":"a","promptIds":[1],"target":"y"}""", "", null, "found some of both")]
    [InlineData("""{"id":"a","promptIds":[1]}""", "", null, "the field \"targetIds\" is missing")]
    [InlineData("""{"id":"a","promptIds":[1],"targetIds":[]}""", "", "/targetIds", "expected at least one token id, found none")]
    [InlineData("""{"id":"a","targetIds":[4]}""", """ "length": { "predictor": { "steps": 2 } }, """, "/promptIds",
        "a length predictor needs one")]
    [InlineData("""{"id":"a","promptIds":[1],"targetIds":[4]}""", """ "vocabulary": { "trim": true }, """, "/promptIds",
        "vocabulary.trim numbers the tokens anew")]
    public async Task What_a_model_without_a_tokenizer_cannot_read_is_told_by_its_line(string line, string more, string? field,
        string message)
    {
        using WorkRoot root = Copies();
        root.Write("data/bad.jsonl", """{"id":"good","promptIds":[1],"targetIds":[2]}""" + "\n" + line + "\n");
        JobOutcome outcome = await root.Run(Finetune(more: more, train: "data/bad.jsonl"));
        Assert.Equal(JobVerdict.BadInput, outcome.Verdict);
        var problem = outcome.Problems.First(p => p.Message.Contains(message, StringComparison.Ordinal));
        Assert.Equal(("data/bad.jsonl", field), (problem.File, problem.Pointer));
        Assert.False(Directory.Exists(root.Path("models/ids")));
    }

    [Fact]
    public async Task A_line_without_a_prompt_trains_an_unconditional_model()
    {
        using WorkRoot root = Copies();
        root.WriteLines("data/free.jsonl",
            Enumerable.Range(0, 20).Select(i => new { id = $"u{i}", targetIds = (int[])[i % 8, (i + 1) % 8, (i + 2) % 8] }));
        await root.MustRun(Finetune(train: "data/free.jsonl"));
        Assert.True(File.Exists(root.Path("models/ids/model.safetensors")));
    }
}
