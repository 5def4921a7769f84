using DiffusionBatch.Contracts;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Pipeline.Manifests;

namespace DiffusionBatch.Pipeline.Tests.Manifests;

public sealed class ManifestReaderTests
{
    [Fact]
    public void The_contracts_finetune_example_reads_with_every_field()
    {
        var manifest = Read.Good<FinetuneManifest>(Read.Finetune);
        Assert.Equal(JobKind.Finetune, manifest.Kind);
        Assert.Equal(("de-en", 1L, "models/new", false), (manifest.Name, manifest.Seed, manifest.Output, manifest.Overwrite));
        Assert.Equal(new NewModel { HiddenSize = 256, Layers = 6, Heads = 4, FeedForwardSize = 1024, MaxPositions = 256, Dropout = 0.1 },
            manifest.Model.New);
        Assert.Equal((TokenizerKind.Bpe, 8000), (manifest.Model.Tokenizer!.Train, manifest.Model.Tokenizer.VocabularySize));
        Assert.Equal(("data/train.jsonl", "data/validation.jsonl", "{target}", 256),
            (manifest.Data.Train, manifest.Data.Validation, manifest.Data.Target, manifest.Data.MaxLength));
        Assert.Equal("Translate the German sentence into English. German: {source} English: ", manifest.Data.Prompt);
        Assert.Equal(new ObjectiveSettings { Attention = AttentionKind.Full }, manifest.Objective);
        Assert.Equal([0.9, 0.98], manifest.Training.Betas);
        Assert.Equal((3000, 300, 5e-4, 1e-8),
            (manifest.Training.Steps, manifest.Training.EffectiveWarmupSteps, manifest.Training.LearningRate, manifest.Training.Epsilon));
        Assert.True(manifest.Vocabulary.Trim);
        Assert.Equal(500, manifest.Length.Predictor!.Steps);
    }

    [Fact]
    public void The_contracts_sample_example_reads_and_defaults_hold()
    {
        var manifest = Read.Good<SampleManifest>(Read.Sample);
        Assert.Equal([1, 2, 4, 8, 16, 32, 50], manifest.Sampler.ValuesOf("steps"));
        Assert.Equal(5, manifest.Sampler.Settings.Length!.Beam);
        Assert.Equal((256, false, false, false, 0.05, 4096),
            (manifest.ShardSize, manifest.Trace, manifest.Ids, manifest.PassThrough, manifest.ErrorThreshold, manifest.BatchTokens));

        var smallest = Read.Good<SampleManifest>(
            """{"kind":"sample","name":"a","model":{"from":"models/de-en"},"input":"data/test.jsonl","output":"o"}""");
        Assert.Equal(new SamplerSettings(), smallest.Sampler);
        Assert.Equal(1L, smallest.Seed);
    }

    [Fact]
    public void The_contracts_evaluate_example_reads()
    {
        var manifest = Read.Good<EvaluateManifest>(Read.Evaluate);
        Assert.Equal(["bleu", "bleu-intl", "chrf", "exactMatch", "cost"], manifest.Metrics.Select(m => m.Label));
        Assert.Equal(BleuTokenization.Intl, manifest.Metrics[1].Tokenize);
    }

    [Fact]
    public void Comments_trailing_commas_and_a_byte_order_mark_are_fine()
    {
        string text = Read.Evaluate.Replace("\"seed\": 1,", "/* seeds */ \"seed\": 7, // a comment\n")
            .Replace("reports/de-en\" }", "reports/de-en\", }");
        Assert.Equal(7, Read.Good<EvaluateManifest>("\uFEFF" + text).Seed);
    }

    [Fact]
    public void A_pipeline_reads_and_orders_its_jobs_by_what_they_read()
    {
        string sample = Read.Sample.Replace("models/de-en", "models/new");
        string evaluate = Read.Evaluate.Replace("results/de-en-test", "results/new");
        var manifest =
            Read.Good<PipelineManifest>($$"""{"kind":"pipeline","name":"nightly","jobs":[{{evaluate}},{{sample}},{{Read.Finetune}}]}""");
        var graph = JobGraph.Of(manifest);
        Assert.Equal(["de-en", "de-en-test", "de-en-scores"], graph.Nodes.Select(node => node.Job.Name));
        Assert.Equal([[], ["de-en"], ["de-en-test"]], graph.Nodes.Select(node => node.DependsOn));
    }

    [Fact]
    public void Paths_are_normalised() =>
        Assert.Equal("results/a/b", Read.Good<SampleManifest>(Read.Sample.Replace("results/new", "./results//a/./b/")).Output);

    [Fact]
    public void Every_problem_is_reported_at_once_in_the_order_of_the_text()
    {
        var reading = Read.Json("""
            { "kind": "sample", "name": "Bad Name",
              "input": "../x.jsonl",
              "sampler": { "steps": [0, "x"], "tempreture": 1 },
              "shardSize": 0 }
            """);
        Assert.Equal(
            ["", "", "/name", "/input", "/sampler/steps/0", "/sampler/steps/1", "/sampler/tempreture", "/shardSize"],
            reading.Problems.Select(p => p.Pointer));
        Assert.Equal([1, 1, 1, 2, 3, 3, 3, 4], reading.Problems.Select(p => p.Line));
    }

    [Theory]
    [InlineData(".json")]
    [InlineData(".YML")]
    public void A_file_is_read_by_its_extension_and_checked_against_a_folder(string extension)
    {
        string root = Directory.CreateTempSubdirectory().FullName;
        try
        {
            Directory.CreateDirectory(Path.Combine(root, "models", "m"));
            File.WriteAllText(Path.Combine(root, "in.jsonl"), "");
            string manifest = Path.Combine(root, "a" + extension);
            const string Json = """{"kind":"sample","name":"a","model":{"from":"models/m"},"input":"in.jsonl","output":"o"}""";
            File.WriteAllText(manifest, extension == ".json" ? Json : Json.Replace(",", ", ").Replace(":", ": ").Replace("\"", ""));
            Assert.IsType<SampleManifest>(ManifestReader.Read(manifest, root).Require());

            Directory.Delete(Path.Combine(root, "models"), recursive: true);
            var reading = ManifestReader.Read(manifest, root);
            var problem = Assert.Single(reading.Problems);
            Assert.Equal((manifest, "/model/from", 1), (problem.File, problem.Pointer, problem.Line));
            Assert.Equal(problem with { Message = "more" }, reading.At(manifest, "/model/from", "more"));
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }
}
