using System.Text.Json.Nodes;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Checkpoints;
using DiffusionBatch.Diffusion.Files;
using DiffusionBatch.Diffusion.Lengths;
using DiffusionBatch.Diffusion.Models;
using DiffusionBatch.Diffusion.SafeTensors;
using DiffusionBatch.Diffusion.Tokenization;

namespace DiffusionBatch.Diffusion.Tests.Checkpoints;

public sealed class CheckpointTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    string Copy()
    {
        string copy = _folder[$"copy{Directory.GetDirectories(_folder.Path).Length}"];
        Directory.CreateDirectory(copy);
        foreach (string file in (string[])["config.json", "model.safetensors", "length_predictor.safetensors"])
        {
            File.Copy(Path.Combine(Golden.XlmRoberta, file), Path.Combine(copy, file));
            File.SetAttributes(Path.Combine(copy, file), FileAttributes.Normal);
        }
        return copy;
    }

    static IReadOnlyList<CheckpointProblem> Problems(string checkpoint)
    {
        var thrown = Assert.Throws<CheckpointException>(() => Checkpoint.Load(checkpoint)).Problems;
        Assert.Equal(thrown.Select(p => p.ToString()),
            Assert.Throws<CheckpointException>(() => Checkpoint.Check(checkpoint)).Problems.Select(p => p.ToString()));
        return thrown;
    }

    /// <summary>Writes the weights again with some tensors changed: null takes one away.</summary>
    static void Rewrite(string checkpoint, Func<string, long[], long[]?> change, params (string Name, long[] Shape)[] added)
    {
        string path = Path.Combine(checkpoint, "model.safetensors");
        var writer = new SafeTensorsWriter();
        using (var reader = SafeTensorsReader.Open(path))
            foreach (var (name, info) in reader.Tensors)
                if (change(name, info.Shape) is { } shape)
                    writer.Add(name, shape.SequenceEqual(info.Shape)
                        ? reader.ReadFloats(name)
                        : new float[shape.Aggregate(1L, (a, b) => a * b)], shape);
        foreach (var (name, shape) in added) writer.Add(name, new float[shape.Aggregate(1L, (a, b) => a * b)], shape);
        writer.Save(path);
    }

    static void Edit(string checkpoint, string file, Action<JsonObject> edit)
    {
        string path = Path.Combine(checkpoint, file);
        var json = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        edit(json);
        File.WriteAllText(path, json.ToJsonString());
    }

    [Fact]
    public void The_golden_folder_loads_with_its_specials_from_the_config()
    {
        using var checkpoint = Golden.Load();
        Assert.Equal(new SpecialTokens(0, 1, 2, -1, 119), checkpoint.Specials);
        Assert.Equal((120, 130), (checkpoint.Model.VocabularySize, checkpoint.Model.UsablePositions));
        Assert.Null(checkpoint.Tokenizer);
        Assert.Null(checkpoint.Settings);
        Assert.Equal(132, checkpoint.LengthPredictor!.Classes);
        Assert.False(checkpoint.Model.training);
    }

    [Fact]
    public void Saving_and_loading_keeps_every_field_and_every_bit()
    {
        using var first = Golden.Load();
        var settings = new DiffusionSettings
        {
            Specials = first.Specials with { Unk = 3 },
            Prompt = "a \"{source}\" ä",
            MaxLength = 99,
            Attention = AttentionKind.Blockwise
        };
        CheckpointWriter.Save(_folder["one"], first.Model, null, settings, first.LengthPredictor, ["{}"]);
        using var second = Checkpoint.Load(_folder["one"]);
        Assert.Equal(settings, second.Settings);
        Assert.Equal(settings.Specials, second.Specials);
        foreach (var (name, parameter) in first.Model.Named)
            Assert.Equal(parameter.data<float>().ToArray(), second.Model.Named[name].data<float>().ToArray());
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(File.ReadAllText(Path.Combine(Golden.XlmRoberta, "config.json"))),
            JsonNode.Parse(File.ReadAllText(_folder["one/config.json"]))));
        CheckpointWriter.Save(_folder["two"], second.Model, null, settings, second.LengthPredictor, ["{}"]);
        foreach (string file in Directory.GetFiles(_folder["one"]))
            Assert.Equal(File.ReadAllBytes(file), File.ReadAllBytes(Path.Combine(_folder["two"], Path.GetFileName(file))));
        Assert.Equal(["one", "two"], Directory.GetDirectories(_folder.Path).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void A_folder_that_exists_is_replaced_and_strangers_in_it_stay()
    {
        using var model = Golden.Small();
        Directory.CreateDirectory(_folder["out"]);
        File.WriteAllText(_folder["out/manifest.json"], "{}");
        File.WriteAllText(_folder["out/length_predictor.safetensors"], "stale");
        CheckpointWriter.Save(_folder["out"], model, null, null, null);
        Assert.Equal(["config.json", "manifest.json", "model.safetensors"],
            Directory.GetFiles(_folder["out"]).Select(Path.GetFileName).Order());
        Checkpoint.Load(_folder["out"]).Dispose();
    }

    [Fact]
    public void All_problems_of_all_files_are_listed_at_once()
    {
        string copy = Copy();
        Rewrite(copy, (name, shape) => name switch
        {
            "lm_head.dense.bias" => null,
            "roberta.encoder.layer.1.output.dense.weight" => [96, 48],
            _ => shape,
        }, ("extra.weight", [2, 2]));
        File.WriteAllBytes(Path.Combine(copy, "length_predictor.safetensors"),
            File.ReadAllBytes(Path.Combine(copy, "length_predictor.safetensors"))[..^10]);
        File.WriteAllText(Path.Combine(copy, "diffusion.json"),
            """{"specials":{"bos":0,"pad":1,"eos":2,"unk":3,"mask":500},"vocabulary":[0,2,1]}""");
        var lines = Problems(copy).Select(p => p.ToString()).ToList();
        Assert.Contains("model.safetensors: lm_head.dense.bias: the tensor is missing; expected F32 [48]", lines);
        Assert.Contains("model.safetensors: roberta.encoder.layer.1.output.dense.weight: the tensor is misshapen; expected F32 [48, 96], "
            + "found F32 [96, 48]", lines);
        Assert.Contains("model.safetensors: extra.weight: the tensor is unexpected, found [2, 2]", lines);
        Assert.Contains(lines, l => l.StartsWith("length_predictor.safetensors: length_predictor.2.", StringComparison.Ordinal)
            && l.Contains("truncated"));
        Assert.Contains("diffusion.json: specials.mask: the id is not one of the model's; expected 0 to 119, found 500", lines);
        Assert.Contains("diffusion.json: vocabulary: the map contradicts config.json's vocab_size; expected 120 ids, found 3", lines);
        Assert.Contains("diffusion.json: vocabulary[2]: the ids must ascend; expected more than 2, found 1", lines);
        Assert.Equal(7, lines.Count);
    }

    [Fact]
    public void A_tensor_cut_out_of_the_header_alone_is_missing_and_leaves_a_hole()
    {
        string copy = Copy(), file = Path.Combine(copy, "model.safetensors");
        byte[] bytes = File.ReadAllBytes(file);
        int length = (int)BitConverter.ToInt64(bytes);
        var header = JsonNode.Parse(bytes.AsSpan(8, length))!.AsObject();
        header.Remove("lm_head.dense.bias");
        byte[] cut = System.Text.Encoding.UTF8.GetBytes(header.ToJsonString());
        File.WriteAllBytes(file, [.. BitConverter.GetBytes((long)cut.Length), .. cut, .. bytes.AsSpan(8 + length)]);

        var problems = Problems(copy);
        Assert.Equal(2, problems.Count);
        Assert.Contains(problems, p => p.Message.Contains("belong to none", StringComparison.Ordinal));
        Assert.Contains(problems, p => (p.Subject, p.Message) == ("lm_head.dense.bias", "the tensor is missing"));
    }

    [Theory]
    [InlineData("vocab_size", "200", 4)]
    [InlineData("num_hidden_layers", "4", 16)]
    [InlineData("num_hidden_layers", "2", 16)]
    [InlineData("max_position_embeddings", "514", 3)]
    public void A_config_that_contradicts_its_tensors_is_refused(string field, string value, int atMost)
    {
        string copy = Copy();
        Edit(copy, "config.json", json => json[field] = JsonNode.Parse(value));
        Assert.InRange(Problems(copy).Count, 1, atMost);
    }

    [Theory]
    [InlineData("hidden_size", "\"48\"")]
    [InlineData("hidden_size", "0")]
    [InlineData("num_attention_heads", "5")]
    [InlineData("model_type", "\"gpt5\"")]
    [InlineData("hidden_act", "\"gelu_newest\"")]
    [InlineData("position_embedding_type", "\"relative_key\"")]
    [InlineData("add_cross_attention", "true")]
    [InlineData("pruned_heads", "{\"1\":[0]}")]
    [InlineData("quantization_config", "{\"bits\":4}")]
    [InlineData("type_vocab_size", "0")]
    [InlineData("hidden_dropout_prob", "1.5")]
    [InlineData("pad_token_id", "120")]
    [InlineData("tie_word_embeddings", "0")]
    [InlineData("layer_norm_eps", "\"small\"")]
    public void A_config_field_that_cannot_be_used_is_named(string field, string value)
    {
        string copy = Copy();
        Edit(copy, "config.json", json => json[field] = JsonNode.Parse(value));
        var problem = Assert.Single(Problems(copy));
        Assert.Equal(("config.json", field), (problem.File, problem.Subject));
        Assert.Equal(value, problem.Found);
    }

    [Fact]
    public void Missing_files_and_folders_are_named()
    {
        string copy = Copy();
        File.Delete(Path.Combine(copy, "config.json"));
        File.Delete(Path.Combine(copy, "model.safetensors"));
        Assert.Equal(["config.json", "model.safetensors"], Problems(copy).Select(p => p.File));
        Assert.Contains("the folder is missing", Assert.Throws<CheckpointException>(() => Checkpoint.Load(_folder["absent"])).Message);
    }

    [Fact]
    public void An_output_bias_may_be_there_under_its_second_name_and_a_pooler_is_ignored()
    {
        string copy = Copy();
        Rewrite(copy, (_, shape) => shape, ("roberta.embeddings.position_ids", [1, 132]),
            ("roberta.pooler.dense.weight", [48, 48]), ("roberta.pooler.dense.bias", [48]));
        using (var loaded = Checkpoint.Load(copy))
        using (var golden = Golden.Load())
            Assert.Equal(golden.Model.Named["roberta.embeddings.word_embeddings.weight"].data<float>().ToArray(),
                loaded.Model.Named["roberta.embeddings.word_embeddings.weight"].data<float>().ToArray());
        copy = Copy();
        Rewrite(copy, (name, shape) => name == "lm_head.bias" ? null : shape, ("lm_head.decoder.bias", [120]));
        using (var loaded = Checkpoint.Load(copy))
            Assert.All(loaded.Model.Named["lm_head.bias"].data<float>().ToArray(), v => Assert.Equal(0, v));
        Rewrite(copy, (name, shape) => name == "lm_head.decoder.bias" ? [60] : shape);
        Assert.Equal("lm_head.decoder.bias", Assert.Single(Problems(copy)).Subject);
    }

    [Fact]
    public void The_predictor_s_tensors_have_the_published_names()
    {
        using var golden = Golden.Tensors(LengthPredictor.FileName);
        using var checkpoint = Golden.Load();
        Assert.Equal(golden.Tensors.Keys.Order(), checkpoint.LengthPredictor!.named_parameters().Select(p => p.name).Order());
    }
}
