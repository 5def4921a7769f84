using System.Text.Json.Nodes;
using DiffusionBatch.Diffusion.Tests.Checkpoints;
using static DiffusionBatch.Diffusion.Tests.Checkpoints.SmallFolder;

namespace DiffusionBatch.Diffusion.Tests.Models;

/// <summary>Rotary settings wherever a config.json of any age has them; what isn't understood is refused by its name.</summary>
public sealed class RotarySettingsTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>A LLaMA folder whose config.json has these fields in place of rope_theta.</summary>
    string Write(string fields)
    {
        string path = SmallFolder.Write(_folder[$"{Directory.GetDirectories(_folder.Path).Length}"], "llama");
        Edit(path, json =>
        {
            json.Remove("rope_theta");
            foreach (var (name, value) in JsonNode.Parse(fields)!.AsObject()) json[name] = value?.DeepClone();
        });
        return path;
    }

    [Theory]
    [InlineData("""{"rope_theta":500.0}""", """{"rope_scaling":{"rope_theta":500.0}}""")]
    [InlineData("""{"rope_theta":500.0}""", """{"rope_scaling":{"rope_type":"default","rope_theta":500}}""")]
    [InlineData("""{"rope_theta":500.0}""",
        """{"rope_parameters":{"rope_type":"default","rope_theta":500.0,"partial_rotary_factor":1.0}}""")]
    [InlineData("""{"rope_theta":500.0}""", """{"rope_theta":500,"rope_parameters":{"rope_theta":500.0},"rope_scaling":null}""")]
    [InlineData("""{"rope_theta":500.0}""", """{"rope_parameters":{"full_attention":{"rope_type":"default","rope_theta":500.0}}}""")]
    [InlineData("""{"rope_theta":500.0}""",
        """{"rope_parameters":{"full_attention":{"rope_theta":500.0},"sliding_attention":{"rope_theta":500.0}}}""")]
    [InlineData("""{"rope_theta":500.0,"rope_scaling":{"type":"linear","factor":2.0}}""",
        """{"rope_scaling":{"rope_type":"linear","type":"linear","factor":2.0,"rope_theta":500.0}}""")]
    [InlineData("""{"rope_theta":500.0,"rope_scaling":{"type":"linear","factor":2.0}}""",
        """{"rope_scaling":{"type":"linear","factor":2.0},"rope_parameters":{"rope_type":"linear","factor":2,"rope_theta":500.0}}""")]
    [InlineData("""{"rope_theta":500.0}""",
        """{"rope_theta":500.0,"rope_scaling":{"type":"dynamic","factor":2.0,"original_max_position_embeddings":32}}""")]
    [InlineData("""{"rope_theta":500.0,"rope_scaling":{"rope_type":"yarn","factor":4.0,"original_max_position_embeddings":8}}""",
        """{"rope_parameters":{"rope_type":"yarn","factor":4.0,"original_max_position_embeddings":8,"beta_fast":32,"beta_slow":1,"attention_factor":null,"truncate":true,"rope_theta":500.0}}""")]
    public void The_same_settings_in_another_place_give_the_same_logits(string plain, string other)
    {
        float[] expected = Logits(Write(plain)), found = Logits(Write(other));
        Assert.Equal(expected, found);
        Assert.NotEqual(Logits(Write("{}")), found);
    }

    [Theory]
    [InlineData("""{"rope_scaling":{"type":"linear","factor":2.0,"alpha":3}}""", "rope_scaling.alpha")]
    [InlineData("""{"rope_scaling":{"rope_type":"default","factor":2.0}}""", "rope_scaling.factor")]
    [InlineData("""{"rope_parameters":{"rope_type":"linear","factor":2.0,"attention_factor":1.2,"rope_theta":500}}""",
        "rope_parameters.attention_factor")]
    [InlineData("""{"rope_scaling":{"rope_type":"yarn","factor":4.0,"finetuned":true}}""", "rope_scaling.finetuned")]
    [InlineData("""{"rope_scaling":{"rope_type":"yarn","factor":4.0,"beta_fast":"32"}}""", "rope_scaling.beta_fast")]
    [InlineData("""{"rope_scaling":{"rope_type":"yarn","factor":4.0,"truncate":1}}""", "rope_scaling.truncate")]
    [InlineData("""{"rope_scaling":{"rope_type":"dynamic","factor":4.0,"original_max_position_embeddings":16}}""",
        "rope_scaling.original_max_position_embeddings")]
    [InlineData("""{"rope_scaling":{"rope_type":"dynamic","factor":4.0,"beta_slow":2}}""", "rope_scaling.beta_slow")]
    [InlineData("""{"rope_parameters":{"rope_type":"default","rope_theta":500,"partial_rotary_factor":0.5}}""",
        "rope_parameters.partial_rotary_factor")]
    [InlineData("""{"partial_rotary_factor":0.25}""", "partial_rotary_factor")]
    [InlineData("""{"rope_parameters":{"rope_theta":"500"}}""", "rope_parameters.rope_theta")]
    [InlineData("""{"rope_theta":0.5}""", "rope_theta")]
    [InlineData("""{"rope_theta":1000,"rope_parameters":{"rope_theta":500}}""", "rope_parameters.rope_theta")]
    [InlineData("""{"rope_scaling":{"type":"linear","rope_type":"yarn","factor":2.0}}""", "rope_scaling.rope_type")]
    [InlineData("""{"rope_scaling":{"type":"linear","factor":2.0},"rope_parameters":{"rope_type":"linear","factor":4.0}}""",
        "rope_parameters.factor")]
    [InlineData("""{"rope_scaling":{"type":"longrope","short_factor":[1],"long_factor":[2]}}""", "rope_scaling")]
    [InlineData("""{"rope_parameters":{"rope_type":"proportional","rope_theta":500}}""", "rope_parameters")]
    [InlineData("""{"rope_scaling":{"type":"mrope","mrope_section":[2,1,1]}}""", "rope_scaling")]
    [InlineData("""{"rope_scaling":{"type":7}}""", "rope_scaling")]
    [InlineData("""{"rope_scaling":"linear"}""", "rope_scaling")]
    [InlineData("""{"rope_parameters":{"full_attention":{"rope_theta":500},"sliding_attention":{"rope_theta":1000}}}""", "rope_parameters")]
    [InlineData(
        """{"rope_scaling":{"rope_type":"llama3","factor":2.0,"low_freq_factor":4,"high_freq_factor":4,"original_max_position_embeddings":8}}""", "rope_scaling.high_freq_factor")]
    public void What_contradicts_or_is_not_understood_is_refused_by_its_name(string fields, string subject)
    {
        string problem = Assert.Single(Problems(Write(fields)));
        Assert.StartsWith($"config.json: {subject}: ", problem);
    }

    [Fact]
    public void Relatives_have_them_too()
    {
        string path = Write("""{"rope_parameters":{"rope_theta":500.0}}""");
        float[] expected = Logits(path);
        Edit(path, json => (json["model_type"], json["sliding_window"]) = ("mistral", null));
        Assert.Equal(expected, Logits(path));
        Edit(path, json => json["rope_parameters"]!["alpha"] = 2);
        Assert.StartsWith("config.json: rope_parameters.alpha: ", Assert.Single(Problems(path)));
    }
}
