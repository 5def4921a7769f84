using System.Text.Json;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Data;
using DiffusionBatch.GpuWorker.Finetuning;
using DiffusionBatch.Pipeline.Jobs;

namespace DiffusionBatch.GpuWorker.Tests.Finetuning;

/// <summary>Several files at their rates, and few-shot prompts, in training and in sampling.</summary>
public sealed class TrainingMixtureTests
{
    static WorkRoot Root()
    {
        var root = new WorkRoot();
        foreach (string name in (string[])["a", "b", "c"])
            root.WriteLines($"data/{name}.jsonl",
                Enumerable.Range(0, 100).Select(i => new { id = $"p{i}", source = $"{name} {i}", target = $"answer {i % 7}" }));
        return root;
    }

    static FinetuneManifest Manifest(TrainingData data, long seed = 1) => new()
    {
        Name = "m",
        Output = "models/m",
        Model = new()
        {
            New = new() { HiddenSize = 16, Layers = 1, Heads = 2, FeedForwardSize = 16 },
            Tokenizer = new() { Train = TokenizerKind.Bpe, VocabularySize = 300 }
        },
        Data = data,
        Seed = seed,
    };

    static List<TrainingPair> Train(WorkRoot root, TrainingData data, long seed = 1) =>
        new TrainingMixture(Manifest(data, seed), root.Folder, PromptTemplate.Plain).Train(default);

    [Fact]
    public void Each_file_gives_at_most_so_many_pairs_at_its_rate()
    {
        using WorkRoot root = Root();
        var pairs = Train(root, new()
        {
            Train = "data/a.jsonl",
            Most = 30,
            Mixture = [new() { Train = "data/b.jsonl", Rate = 2.5 },
                new() { Train = "data/c.jsonl", Most = 40, Rate = 0.5, Prompt = "C: {source} =", Target = "{target}!" }],
        });
        ILookup<char, TrainingPair> files = pairs.ToLookup(pair => pair.Source[0]);
        Assert.Equal(30, files['a'].Count());
        Assert.InRange(files['b'].Count(), 230, 270); // 100 twice, and half of them once more
        Assert.InRange(files['c'].Count(), 10, 30);
        Assert.Equal(100, files['b'].DistinctBy(pair => pair.Source).Count());
        Assert.Equal(pairs.Count, pairs.DistinctBy(pair => pair.Id).Count());
        Assert.All(files['c'], pair => Assert.Equal(("C: {source} =", "{target}!"), (pair.Template!.Prompt, pair.Template.Target)));
        Assert.Equal(files['a'].Select(pair => pair.Source).OrderBy(source => int.Parse(source[2..])),
            files['a'].Select(pair => pair.Source));
    }

    [Fact]
    public void The_seed_draws_which_pairs_are_taken()
    {
        using WorkRoot root = Root();
        string[] Taken(long seed) => [.. Train(root, new() { Train = "data/a.jsonl", Most = 30 }, seed).Select(pair => pair.Id)];
        Assert.Equal(Taken(1), Taken(1));
        Assert.NotEqual(Taken(1), Taken(2));
    }

    [Fact]
    public void A_file_alone_is_taken_as_it_stands()
    {
        using WorkRoot root = Root();
        Assert.Equal(Enumerable.Range(0, 100).Select(i => $"p{i}"), Train(root, new() { Train = "data/a.jsonl" }).Select(pair => pair.Id));
    }

    [Fact]
    public void Demonstrations_stand_before_the_prompt()
    {
        using WorkRoot root = Root();
        var pairs = Train(root, new() { Train = "data/a.jsonl", Shots = new() { File = "data/b.jsonl", Count = 2, Separator = "; " } });
        Assert.All(pairs, pair => Assert.Equal(2, pair.Before.Split("; ").Count(shot => shot.StartsWith("b ", StringComparison.Ordinal))));
    }

    [Fact]
    public async Task A_model_is_trained_and_sampled_with_demonstrations_and_long_prompts_are_cut()
    {
        using WorkRoot root = Root();
        await root.MustRun("""
            { "kind": "finetune", "name": "m", "output": "models/m",
              "model": { "new": { "hiddenSize": 16, "layers": 1, "heads": 2, "feedForwardSize": 16, "maxPositions": 64, "dropout": 0 }, "tokenizer": { "train": "bpe", "vocabularySize": 300 } },
              "data": { "train": "data/a.jsonl", "mixture": [ { "train": "data/b.jsonl", "most": 10 } ], "validation": "data/b.jsonl", "maxLength": 64, "prompt": "Q {source} A ", "shots": { "file": "data/c.jsonl", "count": 1 } },
              "training": { "steps": 3, "batchTokens": 256, "evaluateEvery": 3 } }
            """);
        string Sample(string name, string more) => $$"""
            { "kind": "sample", "name": "s", "model": { "from": "models/m" }, "input": "data/b.jsonl", "output": "results/{{name}}", {{more}} "errorThreshold": -1,
              "sampler": { "steps": 2, "length": { "source": "fixed", "value": 4 } } }
            """;
        const string shots = """ "shots": { "file": "data/a.jsonl", "count": 12 }, """;
        await root.MustRun(Sample("plain", ""));
        await root.MustRun(Sample("cut", shots + """ "maxPromptTokens": 40, """));
        await root.MustRun(Sample("long", shots));
        Assert.All(root.Lines("results/long/steps=2").Values, line => Assert.Contains("tooLong", line));
        Assert.All(root.Lines("results/cut/steps=2").Values, line => Assert.DoesNotContain("error", line));
        Assert.NotEqual(root.Lines("results/plain/steps=2"), root.Lines("results/cut/steps=2"));
    }

    [Fact]
    public async Task A_file_of_demonstrations_that_cannot_serve_is_told_before_any_work()
    {
        using WorkRoot root = Root();
        root.WriteLines("data/few.jsonl", [new { id = "x", source = "s", target = "t" }]);
        root.WriteLines("data/ids.jsonl", [new { id = "x", promptIds = (int[])[1], targetIds = (int[])[2] }]);
        foreach (var (file, message) in ((string, string)[])[("few", "the file has 1 pairs; expected more than the 3 demonstrations"),
            ("ids", "a demonstration is a pair of texts")])
        {
            JobOutcome outcome = await root.Run($$"""
                { "kind": "finetune", "name": "m", "output": "models/m", "model": { "new": { "hiddenSize": 16, "heads": 2 }, "tokenizer": { "train": "bpe", "vocabularySize": 300 } },
                  "data": { "train": "data/a.jsonl", "shots": { "file": "data/{{file}}.jsonl" } } }
                """);
            Assert.Equal(JobVerdict.BadInput, outcome.Verdict);
            Assert.Contains(outcome.Problems, problem => problem.File == $"data/{file}.jsonl"
                && problem.Message.Contains(message, StringComparison.Ordinal));
        }
        Assert.False(Directory.Exists(root.Path("models/m")));
    }
}
