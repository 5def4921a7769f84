using System.Text.Json.Nodes;
using DiffusionBatch.Diffusion.Checkpoints;
using DiffusionBatch.Diffusion.Files;
using DiffusionBatch.Diffusion.SafeTensors;
using static DiffusionBatch.Diffusion.Tests.Checkpoints.SmallFolder;
using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Tests.Adapters;

/// <summary>Adapters as PEFT writes them: what each field of adapter_config.json does, by its formula, or that it is refused.</summary>
public sealed class PeftConfigTests : IDisposable
{
    const string Names = "base_model.model.";

    readonly TemporaryFolder _folder = new();
    string _path = "";

    public void Dispose() => _folder.Dispose();

    /// <summary>A module's name and its rank and what its B A is multiplied by.</summary>
    sealed record Update(string Module, int Rank, double Scale);

    /// <summary>Writes a model and an adapter of some modules beside it; returns the logits of W + scale B A.</summary>
    float[] Adapted(string architecture, string config, IEnumerable<Update> updates, Func<string, string>? name = null)
    {
        _path = Write(_folder[$"{Directory.GetDirectories(_folder.Path).Length}"], architecture);
        File.WriteAllText(Path.Combine(_path, "adapter_config.json"), config);
        var writer = new SafeTensorsWriter();
        using var base_ = Checkpoint.Load(WithoutAdapter());
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        using var draws = new Generator(6, CPU);
        foreach (var (module, rank, scale) in updates)
        {
            var weight = base_.Model.Named[module + ".weight"];
            bool transposed = base_.Model.Projections[module].IsTransposed;
            long outputs = weight.size(transposed ? 1 : 0), inputs = weight.size(transposed ? 0 : 1);
            Tensor a = randn([rank, inputs], generator: draws) * 0.3, b = randn([outputs, rank], generator: draws) * 0.3;
            var update = b.matmul(a) * scale;
            weight.add_(transposed ? update.t() : update);
            writer.Add((name ?? (n => Names + n))($"{module}.lora_A.weight"), a.data<float>().ToArray(), rank, inputs);
            writer.Add((name ?? (n => Names + n))($"{module}.lora_B.weight"), b.data<float>().ToArray(), outputs, rank);
        }
        writer.Save(Path.Combine(_path, "adapter_model.safetensors"));
        return Logits(base_.Model);
    }

    string WithoutAdapter()
    {
        string bare = _path + "-bare";
        Directory.CreateDirectory(bare);
        foreach (string file in (string[])["config.json", "model.safetensors"])
            File.Copy(Path.Combine(_path, file), Path.Combine(bare, file));
        return bare;
    }

    static string Config(string fields) => $$"""{"peft_type":"LORA","r":4,"lora_alpha":6,{{fields}}}""";

    static IEnumerable<Update> Layers(string pattern, int rank = 4, double scale = 1.5) =>
        Enumerable.Range(0, 2).Select(i => new Update(pattern.Replace("*", $"{i}"), rank, scale));

    void AssertLogits(float[] expected)
    {
        Assert.All(expected.Zip(Logits(_path)), p => Assert.Equal(p.First, p.Second, 2e-4f));
        // And once more from where it is saved.
        using (var loaded = Checkpoint.Load(_path))
            CheckpointWriter.Save(_path + "-again", loaded.Model, null, null, null, adapter: loaded.Adapter);
        Assert.All(expected.Zip(Logits(_path + "-again")), p => Assert.Equal(p.First, p.Second, 2e-4f));
    }

    const string Query = "roberta.encoder.layer.*.attention.self.query", Value = "roberta.encoder.layer.*.attention.self.value",
        Llama = "model.layers.*.self_attn.q_proj";

    [Theory]
    [InlineData("\"value\":9", 2.25, 2.25)]
    [InlineData("\"layer.1.attention.self.value\":9", 1.5, 2.25)]
    [InlineData("\"roberta.encoder.layer.0.attention.self.value\":9,\"value\":3", 2.25, 0.75)] // the first that matches
    [InlineData("\".*\\\\.1\\\\..*value\":9.5", 1.5, 2.375)]
    [InlineData("\"alue\":9", 1.5, 1.5)] // no part of a name
    [InlineData("\"self\":9", 1.5, 1.5)] // not its end
    [InlineData("\"query|value\":12", 3, 3)]
    public void Alphas_by_pattern_are_of_names_or_their_ends(string patterns, double first, double second)
    {
        AssertLogits(Adapted("roberta", Config($$"""
            "target_modules":["value"],"alpha_pattern":{{{patterns}}}
            """), [new(Value.Replace('*', '0'), 4, first), new(Value.Replace('*', '1'), 4, second)]));
    }

    [Theory]
    [InlineData("llama", "model.layers.*.self_attn.q_proj", "q_proj")]
    [InlineData("gpt2", "transformer.h.*.attn.c_attn", "c_attn")]
    [InlineData("bert", "bert.encoder.layer.*.output.dense", "output.dense")]
    [InlineData("bart", "model.decoder.layers.*.encoder_attn.v_proj", "encoder_attn.v_proj")]
    public void Ranks_by_pattern_have_tensors_of_their_own_shape(string architecture, string pattern, string target)
    {
        string second = pattern.Replace('*', '1');
        string fields = $$"""
            "target_modules":["{{target}}"],"rank_pattern":{"{{second[(second.IndexOf('.') + 1)..]}}":3},"alpha_pattern":{"{{second}}":7}
            """;
        Update[] updates = [new(pattern.Replace('*', '0'), 4, 1.5), new(second, 3, 7.0 / 3)];
        var all = architecture == "bert" ? updates.Concat(Layers("bert.encoder.layer.*.attention.output.dense")).ToArray() : updates;
        AssertLogits(Adapted(architecture, Config(fields), all));
        using var loaded = Checkpoint.Load(_path);
        Assert.Equal((4, 3), (loaded.Adapter!.Settings.RankOf(pattern.Replace('*', '0')), loaded.Adapter.Settings.RankOf(second)));
        Adapted(architecture, Config(fields), [.. all.Select(u => u with { Rank = 4 })]);
        Assert.All(Problems(_path), p => Assert.Contains("the tensor is misshapen", p));
    }

    [Fact]
    public void Rank_stabilised_updates_are_divided_by_the_root_of_the_rank()
    {
        AssertLogits(Adapted("roberta", Config("""
            "target_modules":["query"],"use_rslora":true
            """), Layers(Query, scale: 6 / Math.Sqrt(4))));
        AssertLogits(Adapted("llama", Config("""
            "target_modules":["q_proj"],"use_rslora":true,"rank_pattern":{"layers.1.self_attn.q_proj":9}
            """), [new(Llama.Replace('*', '0'), 4, 6 / Math.Sqrt(4)), new(Llama.Replace('*', '1'), 9, 6 / Math.Sqrt(9))]));
    }

    [Theory]
    [InlineData("\"target_modules\":\".*\\\\.(query|value)\"", new[] { Query, Value })]
    [InlineData("\"target_modules\":\"roberta\\\\.encoder\\\\.layer\\\\.[01]\\\\.attention\\\\.self\\\\.(?P<which>query)$\"",
        new[] { Query })]
    [InlineData("\"target_modules\":[\"query\",\"value\"],\"exclude_modules\":[\"value\"]", new[] { Query })]
    [InlineData("\"target_modules\":[\"query\",\"value\"],\"exclude_modules\":\".*value\"", new[] { Query })]
    [InlineData("\"target_modules\":\".*self.*\",\"exclude_modules\":\".*\\\\.(key|value)\"", new[] { Query })]
    [InlineData("\"target_modules\":[\"query\",\"value\"],\"layers_to_transform\":1",
        new[] { "roberta.encoder.layer.1.attention.self.query", "roberta.encoder.layer.1.attention.self.value" })]
    [InlineData("\"target_modules\":[\"query\"],\"layers_to_transform\":[0],\"layers_pattern\":\"layer\"",
        new[] { "roberta.encoder.layer.0.attention.self.query" })]
    [InlineData("\"target_modules\":[\"query\"],\"layers_to_transform\":[],\"layers_pattern\":null", new[] { Query })]
    [InlineData("\"target_modules\":[\"query\"],\"layers_to_transform\":[0,1],\"layers_pattern\":[\"h\",\"layer\"]", new[] { Query })]
    public void Targets_are_names_or_an_expression_without_what_is_excluded(string fields, string[] modules)
    {
        AssertLogits(Adapted("roberta", Config(fields), modules.SelectMany(m => Layers(m).DistinctBy(u => u.Module))));
    }

    [Theory]
    [MemberData(nameof(Golden.Architectures), MemberType = typeof(Golden))]
    public void All_linear_is_every_projection_but_the_output(string architecture)
    {
        using var model = Golden.Small(architecture: architecture);
        AssertLogits(Adapted(architecture, """{"peft_type":"LORA","r":2,"lora_alpha":0.5,"target_modules":"all-linear"}""",
            model.Projections.Keys.Select(name => new Update(name, 2, 0.25))));
    }

    [Theory]
    [InlineData("roberta", Query, "query", "", "")]
    [InlineData("roberta", Query, "query", "base_model.model.", "roberta.")]
    [InlineData("roberta", Query, "query", "module.base_model.model.", "")]
    [InlineData("llama", Llama, "q_proj", "base_model.model.", "model.")]
    [InlineData("llama", Llama, "q_proj", "_orig_mod.base_model.model.", "")]
    [InlineData("gpt2", "transformer.h.*.mlp.c_fc", "c_fc", "base_model.model.base_model.model.", "")]
    public void Names_may_have_other_prefixes_and_the_adapter_s_own_name(string architecture, string pattern, string target, string prefix,
        string cut)
    {
        foreach (string own in (string[])["", ".default"])
            AssertLogits(Adapted(architecture, Config($$"""
                "target_modules":["{{target}}"]
                """), Layers(pattern), n => prefix + (cut.Length > 0 ? n.Replace(cut, "") : n).Replace(".weight", own + ".weight")));
    }

    [Fact]
    public void An_adapter_of_the_body_alone_is_matched_by_the_body_s_names()
    {
        static string Body(string name) => Names + name.Replace("roberta.", "");
        AssertLogits(Adapted("roberta", Config("""
            "target_modules":"encoder\\.layer\\.\\d+\\.attention\\.self\\.query","alpha_pattern":{"^encoder.layer.1.attention.self.query":3}
            """), [new(Query.Replace('*', '0'), 4, 1.5), new(Query.Replace('*', '1'), 4, 0.75)], Body));
        Adapted("roberta", Config("""
            "target_modules":"encoder\\.layer\\.\\d+\\.attention\\.self\\.query"
            """), Layers(Query));
        Assert.Contains("no projection is chosen", Assert.Single(Problems(_path)));
    }

    [Theory]
    [InlineData("base_model_name_or_path", "\"roberta-base\"")]
    [InlineData("revision", "\"main\"")]
    [InlineData("task_type", "\"FEATURE_EXTRACTION\"")]
    [InlineData("auto_mapping", """{"base_model_class":"RobertaForMaskedLM","parent_library":"transformers"}""")]
    [InlineData("peft_version", "\"0.18.0\"")]
    [InlineData("inference_mode", "false")]
    [InlineData("lora_dropout", "0.1")]
    [InlineData("fan_in_fan_out", "true")]
    [InlineData("bias", "\"none\"")]
    [InlineData("init_lora_weights", "\"gaussian\"")]
    [InlineData("init_lora_weights", "false")]
    [InlineData("eva_config", """{"rho":2.0}""")]
    [InlineData("megatron_core", "\"megatron.core\"")]
    [InlineData("qalora_group_size", "16")]
    [InlineData("modules_to_save", "[]")]
    [InlineData("loftq_config", "{}")]
    [InlineData("use_dora", "false")]
    [InlineData("a_field_of_tomorrow", "null")]
    [InlineData("another_of_tomorrow", "false")]
    public void What_changes_nothing_is_let_through(string field, string value)
    {
        AssertLogits(Adapted("roberta", Config($$"""
            "target_modules":["query"],"{{field}}":{{value}}
            """), Layers(Query)));
    }

    [Theory]
    [InlineData("use_dora", "true")]
    [InlineData("use_qalora", "true")]
    [InlineData("lora_bias", "true")]
    [InlineData("bias", "\"all\"")]
    [InlineData("bias", "\"lora_only\"")]
    [InlineData("modules_to_save", "[\"lm_head\"]")]
    [InlineData("layer_replication", "[[0,2],[1,2]]")]
    [InlineData("alora_invocation_tokens", "[5,6]")]
    [InlineData("trainable_token_indices", "[5]")]
    [InlineData("target_parameters", "[\"dense.weight\"]")]
    [InlineData("megatron_config", """{"a":1}""")]
    [InlineData("loftq_config", """{"loftq_bits":4}""")]
    [InlineData("corda_config", """{"corda_method":"kpm"}""")]
    [InlineData("kasa_config", """{"beta":1}""")]
    [InlineData("monteclora_config", """{"num_samples":8}""")]
    [InlineData("arrow_config", """{"top_k":3}""")]
    [InlineData("use_bdlora", """{"nblocks":2}""")]
    [InlineData("init_lora_weights", "\"pissa_niter_16\"")]
    [InlineData("init_lora_weights", "\"olora\"")]
    [InlineData("init_lora_weights", "\"loftq\"")]
    [InlineData("a_field_of_tomorrow", "true")]
    [InlineData("another_of_tomorrow", "0.5")]
    [InlineData("peft_type", "\"LOHA\"")]
    [InlineData("use_rslora", "\"yes\"")]
    [InlineData("r", "0")]
    [InlineData("lora_alpha", "\"16\"")]
    [InlineData("rank_pattern", """{"query":0}""")]
    [InlineData("rank_pattern", "[4]")]
    [InlineData("alpha_pattern", """{"(query":4}""")]
    [InlineData("alpha_pattern", """{"query":"4"}""")]
    [InlineData("target_modules", "\"(query\"")]
    [InlineData("target_modules", "null")]
    [InlineData("target_modules", "[\"query\",\"absent\"]")]
    [InlineData("target_modules", "\".*absent\"")]
    [InlineData("exclude_modules", "7")]
    [InlineData("layers_to_transform", "\"1\"")]
    [InlineData("layers_pattern", "\"layer\"")]
    public void What_would_make_another_model_is_refused_by_its_name(string field, string value)
    {
        Adapted("roberta", Config("""
            "target_modules":["query"]
            """), Layers(Query));
        Edit(_path, json => json[field] = JsonNode.Parse(value), "adapter_config.json");
        Assert.StartsWith($"adapter_config.json: {field}: ", Assert.Single(Problems(_path)));
    }

    [Fact]
    public void Layers_are_not_for_expressions_and_tensors_must_be_those_that_are_chosen()
    {
        Adapted("roberta", Config("""
            "target_modules":".*query","layers_to_transform":[1]
            """), Layers(Query));
        Assert.StartsWith("adapter_config.json: layers_to_transform: ", Assert.Single(Problems(_path)));
        Adapted("roberta", Config("""
            "target_modules":["query"],"layers_to_transform":[1]
            """), Layers(Query));
        Assert.Equal(2,
            Problems(_path).Count(p => p.Contains("layer.0.attention.self.query.lora_") && p.Contains("the tensor is unexpected")));
        Adapted("roberta", Config("""
            "target_modules":["query","value"]
            """), Layers(Query));
        Assert.Equal(4, Problems(_path).Count(p => p.Contains("self.value.lora_") && p.Contains("the tensor is missing")));
        File.Move(Path.Combine(_path, "adapter_model.safetensors"), Path.Combine(_path, "adapter_model.bin"));
        Assert.Contains("adapter_model.bin is there", Assert.Single(Problems(_path)));
    }

    [Fact]
    public void Expressions_that_never_end_are_refused()
    {
        var problems = new List<CheckpointProblem>();
        var config = new PeftConfig(JsonNode.Parse("""{"target_modules":"(([a-z._]+)+)+0!"}""")!.AsObject(), problems);
        using var model = Golden.Small();
        Assert.Null(config.Resolve(model.Config, isOfBody: false));
        Assert.Contains("takes too long", Assert.Single(problems).Message);
        // What isn't said is PEFT's own default.
        Assert.Equal((8, 8.0), new PeftConfig(JsonNode.Parse("""{"target_modules":["query"]}""")!.AsObject(), []).Resolve(model.Config,
            isOfBody: false) is { } usual ? (usual.Rank, usual.Alpha) : default);
    }
}
