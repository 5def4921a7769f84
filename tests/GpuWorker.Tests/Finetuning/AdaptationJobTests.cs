using System.Text.Json;
using DiffusionBatch.Diffusion.Checkpoints;
using DiffusionBatch.Diffusion.SafeTensors;
using DiffusionBatch.Pipeline.Jobs;

namespace DiffusionBatch.GpuWorker.Tests.Finetuning;

/// <summary>Each way to adapt a model, from the manifest to sampled lines.</summary>
public sealed class AdaptationJobTests
{
    const string Data =
        """ "data": { "train": "data/train.jsonl", "validation": "data/valid.jsonl", "prompt": "say: {source} => ", "maxLength": 48 } """;
    const string Training = """ "training": { "steps": 6, "batchTokens": 256, "learningRate": 0.01, "evaluateEvery": 3 } """;

    static string Sample(string model) => $$"""
        { "kind": "sample", "name": "s", "model": { "from": "models/{{model}}" }, "input": "data/valid.jsonl", "output": "results/{{model}}",
          "sampler": { "steps": [1, 3], "length": { "source": "fixed", "value": 5 } } }
        """;

    static string Decoder(string name, string more, string objective = "") =>
        $$"""{ "kind": "finetune", "name": "{{name}}", "model": { "from": "models/decoder" }, {{Data}}, {{Training}}, "objective": { {{objective}} }, {{more}} "output": "models/{{name}}" }""";

    static async Task<Dictionary<string, string>> Lines(WorkRoot root, string model)
    {
        await root.MustRun(Sample(model));
        var lines = root.Lines($"results/{model}/steps=3");
        Assert.Equal(6, lines.Count);
        Assert.All(lines.Values, l => Assert.Equal(5, JsonDocument.Parse(l).RootElement.GetProperty("length").GetInt32()));
        return lines;
    }

    [Theory]
    [InlineData("xlm-roberta")]
    [InlineData("roberta")]
    [InlineData("bert")]
    [InlineData("xlm-roberta-xl")]
    [InlineData("albert")]
    [InlineData("gpt2")]
    [InlineData("llama")]
    [InlineData("encoder-decoder")]
    public async Task A_new_model_of_each_architecture_is_trained_and_sampled_with_each_attention(string architecture)
    {
        using WorkRoot root = AdaptationFolders.Root();
        foreach (string attention in (string[])["full", "prefix", "causal", "blockwise"])
        {
            await root.MustRun($$"""
                { "kind": "finetune", "name": "new", "output": "models/{{attention}}", {{Data}}, {{Training}}, "objective": { "attention": "{{attention}}" },
                  "model": { "new": { "architecture": "{{architecture}}", "hiddenSize": 16, "layers": 2, "heads": 2, "feedForwardSize": 24, "maxPositions": 64, "dropout": 0 },
                             "tokenizer": { "train": "bpe", "vocabularySize": 290 } }, "length": { "predictor": { "steps": 2 } } }
                """);
            using var checkpoint = Checkpoint.Load(root.Path("models/" + attention));
            Assert.Equal((architecture == "encoder-decoder" ? "bart" : architecture, attention),
                (checkpoint.Model.Config.Architecture, checkpoint.Settings!.Attention.ToString().ToLowerInvariant()));
            Assert.Equal(64, checkpoint.Model.UsablePositions);
            Assert.NotNull(checkpoint.LengthPredictor);
            await Lines(root, attention);
        }
    }

    [Theory]
    [InlineData("gpt2")]
    [InlineData("llama")]
    public async Task A_left_to_right_model_becomes_a_diffusion_model(string architecture)
    {
        using WorkRoot root = AdaptationFolders.Root().WithDecoder(architecture);
        // It can't be sampled before: it has no mask.
        JobOutcome refused = await root.Run(Sample("decoder"));
        Assert.Equal(JobVerdict.BadInput, refused.Verdict);
        Assert.Contains("no mask token", Assert.Single(refused.Problems).Message);

        await root.MustRun(Decoder("shifted", "", "\"shift\": true, \"annealSteps\": 4"));
        await root.MustRun(Decoder("plain", "\"length\": { \"predictor\": { \"steps\": 2 } },"));
        await root.MustRun(Decoder("trimmed", "\"vocabulary\": { \"trim\": true },",
            "\"shift\": true, \"attention\": \"prefix\", \"annealSteps\": 4"));
        using (var shifted = Checkpoint.Load(root.Path("models/shifted")))
        using (var plain = Checkpoint.Load(root.Path("models/plain")))
        {
            Assert.True(shifted.Settings!.Shift);
            Assert.False(plain.Settings!.Shift);
            Assert.Equal((260, 261), (shifted.Specials.Mask, shifted.Model.VocabularySize));
            Assert.Equal("red house",
                shifted.Tokenizer!.Decode([.. shifted.Tokenizer.Encode("red house"), shifted.Specials.Mask, shifted.Specials.Eos]));
        }
        using (var trimmed = Checkpoint.Load(root.Path("models/trimmed")))
        {
            Assert.InRange(trimmed.Model.VocabularySize, 20, 80);
            Assert.Equal(trimmed.Model.VocabularySize - 1, trimmed.Specials.Mask);
            Assert.Equal(trimmed.Specials.Eos, trimmed.Model.Config.EosTokenId);
            Assert.Equal("red house", trimmed.Tokenizer!.Decode(trimmed.Tokenizer.Encode("red house")));
        }
        var lines = await Lines(root, "shifted");
        Assert.NotEqual(lines.Values, (await Lines(root, "plain")).Values);
        await Lines(root, "trimmed");
        // What was adapted can be adapted further, with or without another trimming.
        await root.MustRun(Decoder("again", "\"vocabulary\": { \"trim\": true },").Replace("models/decoder", "models/trimmed"));
        await Lines(root, "again");
        await root.MustRun(Decoder("further", "").Replace("models/decoder", "models/trimmed"));
        await Lines(root, "further");
    }

    [Theory]
    [InlineData("gpt2", "")]
    [InlineData("llama", "\"lora\": { \"targets\": [\"k_proj\"] },")]
    public async Task Layers_computed_again_give_the_same_weights_to_the_bit(string architecture, string more)
    {
        using WorkRoot root = AdaptationFolders.Root().WithDecoder(architecture);
        await root.MustRun(Decoder("kept", more));
        await root.MustRun(Decoder("again", more).Replace("\"steps\": 6", "\"steps\": 6, \"recomputeActivations\": true"));
        Assert.Equal(root.Files("models/kept"), root.Files("models/again"));
    }

    [Fact]
    public async Task Annealed_attention_comes_to_other_weights_than_full_from_the_start()
    {
        using WorkRoot root = AdaptationFolders.Root().WithDecoder("gpt2");
        foreach (var (name, objective) in new[] { ("full", ""), ("one", "\"annealSteps\": 1"), ("six", "\"annealSteps\": 6") })
            await root.MustRun(Decoder(name, "", objective));
        string Weights(string name) => root.Files("models/" + name)["model.safetensors"];
        Assert.Equal(Weights("full"), Weights("one"));
        Assert.NotEqual(Weights("full"), Weights("six"));
    }

    [Theory]
    [InlineData("gpt2", "\"c_attn\", \"mlp.c_fc\"", 2 * (3 * (16 + 48) + 3 * (16 + 32)))]
    [InlineData("llama", "\"q_proj\", \"v_proj\"", 2 * 2 * 3 * (16 + 16))]
    public async Task Low_rank_updates_alone_are_trained_and_give_the_same_merged_or_apart(string architecture, string targets,
        int parameters)
    {
        using WorkRoot root = AdaptationFolders.Root().WithDecoder(architecture);
        string Lora(string merge) => $$"""
            "lora": { "rank": 3, "alpha": 12, "targets": [{{targets}}], "merge": {{merge}} },
            """;
        await root.MustRun(Decoder("apart", Lora("false")));
        await root.MustRun(Decoder("merged", Lora("true")));
        Assert.Contains("adapter_model.safetensors", root.Files("models/apart").Keys);
        Assert.DoesNotContain("adapter_model.safetensors", root.Files("models/merged").Keys);
        using var apart = Checkpoint.Load(root.Path("models/apart"));
        using var merged = Checkpoint.Load(root.Path("models/merged"));
        using var before = Checkpoint.Load(root.Path("models/decoder"));
        Assert.Equal(parameters, apart.Adapter!.Named.Values.Sum(p => p.numel()));
        Assert.Null(merged.Adapter);
        foreach (var (name, parameter) in before.Model.Named)
        {
            // What was there is as it was; the mask's row is new.
            float[] expected = parameter.data<float>().ToArray();
            Assert.Equal(expected, apart.Model.Named[name].data<float>().ToArray()[..expected.Length]);
        }
        float[] one = Logits(apart), two = Logits(merged), untrained = Logits(before);
        Assert.All(one.Zip(two), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
        Assert.NotEqual(untrained[..200], one[..200]);
        var lines = (await Lines(root, "apart")).ToDictionary(l => l.Key,
            l => JsonDocument.Parse(l.Value).RootElement.GetProperty("text").GetString());
        Assert.Equal(lines, (await Lines(root, "merged")).ToDictionary(l => l.Key,
            l => JsonDocument.Parse(l.Value).RootElement.GetProperty("text").GetString()));
        // Adapting further begins with the updates merged.
        await root.MustRun(Decoder("again", Lora("true")).Replace("models/decoder", "models/apart"));
        await Lines(root, "again");
    }

    static float[] Logits(Checkpoint checkpoint)
    {
        float[] logits = [];
        DiffusionBatch.Diffusion.Models.OwnForward.Run(checkpoint.Model, [256, 65, 70, 90], [true, true, true, true],
            l => logits = l.data<float>().ToArray());
        return logits;
    }

    [Fact]
    public async Task A_target_that_names_no_projection_is_a_problem_of_the_manifest()
    {
        using WorkRoot root = AdaptationFolders.Root().WithDecoder("llama");
        JobOutcome outcome = await root.Run(Decoder("bad", "\"lora\": { \"targets\": [\"q_proj\", \"query\", \"embed_tokens\"] },"));
        Assert.Equal(JobVerdict.BadInput, outcome.Verdict);
        Assert.Equal(["/lora/targets", "/lora/targets"], outcome.Problems.Select(p => p.Pointer));
        Assert.Contains("'query' names no projection; there are down_proj, gate_proj, k_proj, o_proj, q_proj, up_proj, v_proj",
            outcome.Problems[0].Message);
        Assert.False(Directory.Exists(root.Path("models/bad")));
    }

    [Theory]
    [InlineData("\"from\": \"models/decoder\"")]
    [InlineData("\"new\": { \"hiddenSize\": 16, \"heads\": 2 }, \"tokenizer\": { \"train\": \"bpe\" }")]
    public async Task Names_that_a_model_lacks_are_problems_of_the_manifest_whether_it_is_new_or_not(string model)
    {
        using WorkRoot root = AdaptationFolders.Root().WithDecoder("llama");
        string Manifest(string more) =>
            $$"""{ "kind": "finetune", "name": "bad", "model": { {{model}} }, {{Data}}, {{more}} "output": "models/bad" }""";
        async Task Refused(string more, string pointer, string message)
        {
            JobOutcome outcome = await root.Run(Manifest(more));
            Assert.Equal(JobVerdict.BadInput, outcome.Verdict);
            Assert.Equal(pointer, Assert.Single(outcome.Problems).Pointer);
            Assert.Contains(message, outcome.Problems[0].Message, StringComparison.Ordinal);
            Assert.False(Directory.Exists(root.Path("models/bad")));
        }
        await Refused("\"freeze\": [\"*norm*\", \"no.such.*\"],", "/freeze/1", "the pattern 'no.such.*' names no parameter");
        await Refused("\"freeze\": [\"*\"],", "/freeze", "nothing is left to train");
        await Refused("\"lora\": { \"targets\": [\"such\"] },", "/lora/targets", "'such' names no projection");
        // With low-rank updates, theirs are the only parameters.
        string target = model.StartsWith("\"new", StringComparison.Ordinal) ? "query" : "q_proj";
        await Refused($$"""  "lora": { "targets": ["{{target}}"] }, "freeze": ["*.lora_A.weight", "*norm*"], """, "/freeze/1",
            "the pattern '*norm*' names no parameter");
    }

    [Fact]
    public async Task Blocks_end_at_line_breaks_that_a_trimmed_vocabulary_keeps_and_a_tokenizer_without_is_refused()
    {
        using WorkRoot root = AdaptationFolders.Root().WithDecoder("gpt2");
        root.WriteLines("data/train.jsonl",
            [.. Enumerable.Range(0, 8).Select(i => (object)new { id = $"p{i}", source = $"red {i}", target = "house" })]);
        await root.MustRun(Decoder("blocks", "\"vocabulary\": { \"trim\": true },", "\"attention\": \"blockwise\""));
        using (var blocks = Checkpoint.Load(root.Path("models/blocks")))
            Assert.Equal("\n", blocks.Tokenizer!.Decode([blocks.Settings!.Newline!.Value]));

        // BERT's takes a line break for a blank.
        File.Delete(root.Path("models/decoder/merges.txt"));
        File.Delete(root.Path("models/decoder/vocab.json"));
        root.Write("models/decoder/vocab.txt",
            string.Join("\n", (string[])["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "red", "house",
                .. Enumerable.Range(0, 253).Select(i => $"w{i}")]) + "\n");
        JobOutcome outcome = await root.Run(Decoder("none", "", "\"attention\": \"blockwise\""));
        Assert.Equal("/objective/attention", Assert.Single(outcome.Problems).Pointer);
        Assert.Contains("the tokenizer of models/decoder has none", outcome.Problems[0].Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData(", \"ratio\": 0.4, \"wholeWord\": true")]
    public async Task A_masked_language_model_is_trained_on_texts_and_adapted_afterwards(string options)
    {
        using WorkRoot root = AdaptationFolders.Root();
        root.WriteLines("data/texts.jsonl", Enumerable.Range(0, 60).Select(i => i % 3 == 0
            ? (object)new { id = $"t{i}", source = $"the {i % 5} small houses and the large tree", target = "die kleinen Häuser" }
            : i % 3 == 1 ? new { id = $"t{i}", source = "only one text here" } : new { id = $"t{i}", target = "and only the other" }));
        await root.MustRun($$"""
            { "kind": "finetune", "name": "mlm", "output": "models/mlm", "objective": { "process": "mlm"{{options}} },
              "data": { "train": "data/texts.jsonl", "validation": "data/texts.jsonl", "maxLength": 32 },
              "training": { "steps": 40, "batchTokens": 512, "learningRate": 0.01, "evaluateEvery": 10 },
              "model": { "new": { "architecture": "bert", "hiddenSize": 16, "layers": 2, "heads": 2, "feedForwardSize": 24, "maxPositions": 64, "dropout": 0 },
                         "tokenizer": { "train": "bpe", "vocabularySize": 290 } } }
            """);
        double[] losses = [.. File.ReadLines(root.Path("models/mlm/train.jsonl"))
            .Select(l => JsonDocument.Parse(l).RootElement.GetProperty("validationLoss").GetDouble())];
        Assert.True(losses[^1] < losses[0] - 0.3, string.Join(" ", losses));
        await root.MustRun(
            $$"""{ "kind": "finetune", "name": "adapted", "model": { "from": "models/mlm" }, {{Data}}, {{Training}}, "output": "models/adapted" }""");
        using var checkpoint = Checkpoint.Load(root.Path("models/adapted"));
        Assert.Equal("absorbing", checkpoint.Settings!.Process);
        await Lines(root, "adapted");
    }

    [Fact]
    public async Task Weights_in_bfloat16_are_half_as_large_and_can_be_adapted()
    {
        using WorkRoot root = AdaptationFolders.Root().WithDecoder("llama");
        await root.MustRun(Decoder("whole", ""));
        await root.MustRun(Decoder("half", "\"dtype\": \"bfloat16\","));
        long whole = new FileInfo(root.Path("models/whole/model.safetensors")).Length,
            half = new FileInfo(root.Path("models/half/model.safetensors")).Length;
        Assert.InRange(half, whole / 2, whole * 2 / 3);
        using (var one = Checkpoint.Load(root.Path("models/whole")))
        using (var two = Checkpoint.Load(root.Path("models/half")))
            Assert.All(Logits(one).Zip(Logits(two)), pair => Assert.Equal(pair.First, pair.Second, 0.05f));
        // What is trained further needs all digits again, unless it is said otherwise.
        await root.MustRun(Decoder("further", "").Replace("models/decoder", "models/half"));
        using var further = SafeTensorsReader.Open(root.Path("models/further/model.safetensors"));
        Assert.Contains(further.Tensors.Values, t => t.Type == SafeTensorType.F32);
        await Lines(root, "half");
    }

    [Fact]
    public async Task A_masked_language_model_needs_some_text_on_every_line_and_no_prompts()
    {
        using WorkRoot root = AdaptationFolders.Root();
        root.WriteLines("data/texts.jsonl", [new { id = "a", source = "x" }, new { id = "b", other = "y" }]);
        const string Model = """ "model": { "new": { "hiddenSize": 16, "heads": 2 }, "tokenizer": { "train": "bpe" } } """;
        JobOutcome outcome =
            await root.Run(
                $$"""{ "kind": "finetune", "name": "mlm", "output": "models/mlm", "objective": { "process": "mlm" }, "data": { "train": "data/texts.jsonl" }, {{Model}} }""");
        Assert.Equal((2, "the fields \"source\" and \"target\" are missing: each line needs one of them, a text"),
            (Assert.Single(outcome.Problems).Line, outcome.Problems[0].Message));
        outcome =
            await root.Run(
                $$"""{ "kind": "finetune", "name": "mlm", "output": "models/mlm", "objective": { "process": "mlm" }, "data": { "train": "data/train.jsonl" }, "length": { "predictor": {} }, {{Model}} }""");
        Assert.Equal("/length/predictor", Assert.Single(outcome.Problems).Pointer);
    }
}
