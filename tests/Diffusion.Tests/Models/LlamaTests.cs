using System.Text.Json.Nodes;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Files;
using DiffusionBatch.Diffusion.Models;
using DiffusionBatch.Diffusion.Models.Layers;
using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Tests.Models;

/// <summary>LLaMA's settings against what they must be equal to.</summary>
public sealed class LlamaTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    static readonly long[] Ids = [0, 9, 30, 17, 2];

    ModelConfig Config(Action<JsonObject> edit)
    {
        using var model = Golden.Small(architecture: "llama");
        string path = _folder[$"{Directory.GetDirectories(_folder.Path).Length}"];
        Directory.CreateDirectory(path);
        model.Config.Save(path);
        var json = JsonNode.Parse(File.ReadAllText(Path.Combine(path, "config.json")))!.AsObject();
        edit(json);
        File.WriteAllText(Path.Combine(path, "config.json"), json.ToJsonString());
        var problems = new List<CheckpointProblem>();
        return ModelConfig.Read(path, problems) ?? throw new CheckpointException(path, problems);
    }

    static float[] Logits(LanguageModel model)
    {
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        return model.Logits(model.Hidden(tensor(Ids, [1, 5]), AttentionMasks.Of(AttentionKind.Causal, Ids, [5], [5])).view(5, -1))
            .data<float>().ToArray();
    }

    static void AssertClose(float[] expected, float[] found) =>
        Assert.All(expected.Zip(found), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));

    [Fact]
    public void Shared_key_value_heads_are_repeated_heads()
    {
        using var shared = new Llama(Config(json => (json["num_key_value_heads"], json["num_attention_heads"]) = (2, 4)));
        using var repeated = new Llama(Config(json => (json["num_key_value_heads"], json["num_attention_heads"]) = (4, 4)));
        shared.Initialise(5);
        using (no_grad())
            foreach (var (name, parameter) in repeated.Named)
            {
                var source = shared.Named[name];
                bool grouped = name.Contains("k_proj") || name.Contains("v_proj"); // (2 heads of 4, d): heads 0, 0, 1, 1
                parameter.copy_(grouped ? source.view(2, 1, 4, 16).expand(2, 2, 4, 16).reshape(16, 16) : source);
            }
        AssertClose(Logits(repeated), Logits(shared));
    }

    [Fact]
    public void Heads_may_have_a_size_of_their_own_and_projections_biases()
    {
        using var model = new Llama(Config(json => (json["head_dim"], json["attention_bias"], json["mlp_bias"]) = (6, true, true)));
        Assert.Equal([12, 16], model.Named["model.layers.0.self_attn.q_proj.weight"].shape);
        Assert.Equal([16, 12], model.Named["model.layers.0.self_attn.o_proj.weight"].shape);
        model.Initialise(5);
        float[] before = Logits(model);
        foreach (string bias in (string[])["self_attn.v_proj", "self_attn.o_proj", "mlp.gate_proj", "mlp.up_proj", "mlp.down_proj"])
        {
            using (no_grad()) model.Named[$"model.layers.0.{bias}.bias"].fill_(0.3);
            float[] after = Logits(model);
            Assert.NotEqual(before, after);
            before = after;
        }
    }

    [Fact]
    public void Each_setting_of_rotary_positions_counts()
    {
        Action<JsonObject>[] settings =
        [
            json => { },
            json => json["rope_theta"] = 500.0,
            json => json["rope_scaling"] = JsonNode.Parse("""{"type":"linear","factor":2.0}"""),
            json => json["rope_scaling"] =
                JsonNode.Parse(
                    """{"rope_type":"llama3","factor":8.0,"low_freq_factor":1.0,"high_freq_factor":4.0,"original_max_position_embeddings":16}"""),
            json => json["rope_scaling"] = JsonNode.Parse("""{"rope_type":"yarn","factor":4.0,"original_max_position_embeddings":8}"""),
        ];
        var seen = new List<float[]>();
        foreach (var setting in settings)
        {
            using var model = new Llama(Config(setting));
            model.Initialise(5);
            float[] logits = Logits(model);
            Assert.All(seen, other => Assert.NotEqual(other, logits));
            seen.Add(logits);
        }
        // The same in the form of newer files; and dynamic scaling changes nothing within the model's positions.
        foreach (var (setting, same) in new (Action<JsonObject>, int)[]
        {
            (json => { json.Remove("rope_theta");
                json["rope_parameters"] = JsonNode.Parse("""{"rope_type":"default","rope_theta":500.0}"""); }, 1),
            (json => { json.Remove("rope_theta");
                json["rope_parameters"] = JsonNode.Parse("""{"rope_type":"linear","factor":2.0,"rope_theta":10000.0}"""); }, 2),
            (json => json["rope_scaling"] = JsonNode.Parse("""{"type":"dynamic","factor":2.0}"""), 0),
        })
        {
            using var model = new Llama(Config(setting));
            model.Initialise(5);
            Assert.Equal(seen[same], Logits(model));
        }
    }

    [Theory]
    [InlineData("rope_scaling", """{"rope_type":"longrope","factor":2.0}""")]
    [InlineData("rope_scaling", """{"type":"linear"}""")]
    [InlineData("rope_scaling", """{"rope_type":"llama3","factor":2.0}""")]
    [InlineData("num_key_value_heads", "3")]
    [InlineData("head_dim", "5")]
    [InlineData("hidden_act", "\"prelu\"")]
    [InlineData("attention_bias", "1")]
    [InlineData("rms_norm_eps", "0")]
    [InlineData("partial_rotary_factor", "0.5")]
    public void What_cannot_be_computed_is_refused_by_name(string field, string value)
    {
        var problem = Assert.Single(Assert.Throws<CheckpointException>(() => Config(json => json[field] = JsonNode.Parse(value))).Problems);
        Assert.Equal(("config.json", field), (problem.File, problem.Subject));
    }

    [Fact]
    public void Scaled_frequencies_are_those_of_the_formulas()
    {
        double[] plain = RotaryFrequencies.Of(10000, 8, 64, null).Frequencies;
        Assert.Equal([1, 0.1, 0.01, 0.001], plain.Select(f => Math.Round(f, 12)));
        // llama3, original context 64, factor 8, waves within it: 10.2, 1.02, 0.102, 0.0102. Above 4: as is; below 1: an eighth;
        // 1.0186 between: smooth = 0.0186 / 3 = 0.006197.
        double[] scaled = RotaryFrequencies.Of(10000, 8, 512,
            JsonNode.Parse(
                """{"rope_type":"llama3","factor":8,"low_freq_factor":1,"high_freq_factor":4,"original_max_position_embeddings":64}""")!.AsObject()).Frequencies;
        Assert.Equal(1, scaled[0], 1e-12);
        Assert.Equal(0.1 / 8 * (1 - 0.0061972) + 0.1 * 0.0061972, scaled[1], 1e-8);
        Assert.Equal(0.01 / 8, scaled[2], 1e-12);
        // yarn, original context 64, factor 4: dimension(32) = 8 ln(64 / 64 pi) / 2 ln 10000 < 0, so 0; dimension(1) = 1.008, so 2.
        var (yarn, magnitude) = RotaryFrequencies.Of(10000, 8, 256,
            JsonNode.Parse("""{"rope_type":"yarn","factor":4,"original_max_position_embeddings":64}""")!.AsObject());
        Assert.Equal([1, (0.1 / 4 + 0.1) / 2, 0.01 / 4, 0.001 / 4], yarn.Select(f => Math.Round(f, 12)));
        Assert.Equal(1.1386294361, magnitude, 1e-9);
    }
}
