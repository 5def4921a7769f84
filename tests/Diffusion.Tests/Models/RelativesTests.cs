using System.Text.Json.Nodes;
using DiffusionBatch.Diffusion.Checkpoints;
using DiffusionBatch.Diffusion.Files;
using DiffusionBatch.Diffusion.Models;
using DiffusionBatch.Diffusion.Models.Families;
using DiffusionBatch.Diffusion.SafeTensors;
using DiffusionBatch.Diffusion.Tests.Checkpoints;
using static DiffusionBatch.Diffusion.Tests.Checkpoints.SmallFolder;

namespace DiffusionBatch.Diffusion.Tests.Models;

/// <summary>Families of the same layout as those that can be made give the same numbers.</summary>
public sealed class RelativesTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("camembert", "roberta", "roberta.", "roberta.")]
    [InlineData("camembert", "xlm-roberta", "roberta.", "roberta.")]
    [InlineData("data2vec-text", "roberta", "roberta.", "data2vec_text.")]
    [InlineData("ernie", "bert", "bert.", "ernie.")]
    [InlineData("ernie", "bert", "bert.", "")]
    public void An_encoder_s_relative_has_its_logits(string relative, string architecture, string body, string name)
    {
        string path = Write(_folder["in"], architecture);
        float[] expected = Logits(path);
        Edit(path, json => json["model_type"] = relative);
        Rename(path, tensor => tensor.StartsWith(body) ? name + tensor[body.Length..] : tensor);
        using (var checkpoint = Checkpoint.Load(path))
        {
            Assert.Equal(expected, Logits(checkpoint.Model));
            Assert.Equal(relative, checkpoint.Model.Config.Architecture);
            CheckpointWriter.Save(_folder["out"], checkpoint.Model, null, null, null);
        }
        Assert.Equal(expected, Logits(_folder["out"]));
        WeightsTests.AssertSame(path, _folder["out"]);
    }

    [Theory]
    [InlineData("mistral")]
    [InlineData("qwen2")]
    public void A_decoder_s_relative_has_its_logits_and_qwen2_its_biases(string relative)
    {
        bool biases = relative == "qwen2";
        string path = _folder["in"];
        using (var model = Model("llama", ("attention_bias", biases), ("num_key_value_heads", 1)))
        {
            using var quiet = TorchSharp.torch.no_grad();
            foreach (var (name, parameter) in model.Named)
                if (name.EndsWith("o_proj.bias")) parameter.zero_();
            CheckpointWriter.Save(path, model, null, null, null);
        }
        float[] expected = Logits(path);
        Rewrite(path, (name, values) => name.EndsWith("o_proj.bias") ? [] : [(name, SafeTensorType.F32, values)]);
        Edit(path, json =>
        {
            json["model_type"] = relative;
            json.Remove("attention_bias");
            if (relative == "mistral") json["sliding_window"] = 4096;
        });
        Assert.Equal(expected, Logits(path));
        Edit(path, json => json.Remove("num_key_value_heads")); // theirs isn't the number of heads then, as it is LLaMA's
        Assert.Equal("config.json: num_key_value_heads: the field is missing; expected a divisor of num_attention_heads, 2",
            Assert.Single(Problems(path)));
    }

    [Theory]
    [InlineData("mistral", """{"sliding_window":16}""", "sliding_window")]
    [InlineData("mistral", """{"max_position_embeddings":8192}""", "sliding_window")]
    [InlineData("mistral", """{"attention_bias":true}""", "attention_bias")]
    [InlineData("qwen2", """{"use_sliding_window":true,"sliding_window":16,"max_window_layers":1}""", "sliding_window")]
    [InlineData("qwen2", """{"layer_types":["full_attention","sliding_attention"],"sliding_window":16}""", "sliding_window")]
    [InlineData("qwen2", """{"layer_types":["full_attention","linear_attention"]}""", "layer_types")]
    [InlineData("llama", """{"layer_types":["full_attention","sliding_attention"]}""", "layer_types")]
    [InlineData("ernie", """{"use_task_id":true}""", "use_task_id")]
    [InlineData("camembert", """{"position_embedding_type":"relative_key"}""", "position_embedding_type")]
    public void What_makes_a_relative_another_network_is_refused(string relative, string fields, string field)
    {
        string path = Write(_folder["in"], relative is "camembert" ? "roberta" : relative is "ernie" ? "bert" : "llama");
        Edit(path, json =>
        {
            json["model_type"] = relative;
            foreach (var (name, value) in JsonNode.Parse(fields)!.AsObject()) json[name] = value?.DeepClone();
        });
        Assert.Equal(field, Assert.Throws<CheckpointException>(() => Checkpoint.Check(path)).Problems[0].Subject);
    }

    [Theory]
    [InlineData("""{"model_type":"mistral"}""")]
    [InlineData("""{"model_type":"mistral","sliding_window":null,"max_position_embeddings":32768}""")]
    [InlineData("""{"model_type":"qwen2","use_sliding_window":false,"sliding_window":16}""")]
    [InlineData("""{"model_type":"qwen2","use_sliding_window":true,"sliding_window":16,"max_window_layers":2}""")]
    [InlineData("""{"model_type":"qwen2","layer_types":["full_attention","full_attention"]}""")]
    [InlineData("""{"layer_types":["full_attention","full_attention"]}""")]
    public void A_window_that_never_slides_is_none(string fields)
    {
        string path = Write(_folder["in"], "llama");
        Edit(path, json =>
        {
            foreach (var (name, value) in JsonNode.Parse(fields)!.AsObject()) json[name] = value?.DeepClone();
        });
        var problems = new List<CheckpointProblem>();
        Assert.NotNull(ModelConfig.Read(path, problems));
        Assert.Empty(problems);
    }

    [Fact]
    public void A_family_that_cannot_be_used_is_told_all_that_can()
    {
        string path = Write(_folder["in"], "llama");
        Edit(path, json => json["model_type"] = "deberta");
        string problem = Assert.Single(Problems(path));
        Assert.All(ModelFamily.All.Concat(ModelFamily.Relatives), family => Assert.Contains(family.Type, problem));
        Assert.DoesNotContain("camembert", ModelConfig.Architectures);
    }
}
