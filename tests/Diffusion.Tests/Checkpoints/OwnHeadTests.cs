using DiffusionBatch.Diffusion.Checkpoints;
using DiffusionBatch.Diffusion.Models.Families;
using DiffusionBatch.Diffusion.SafeTensors;
using DiffusionBatch.Diffusion.Training;
using static DiffusionBatch.Diffusion.Tests.Checkpoints.SmallFolder;

namespace DiffusionBatch.Diffusion.Tests.Checkpoints;

/// <summary>An output projection that differs from the embeddings is used, whatever config.json says of it.</summary>
public sealed class OwnHeadTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    static ModelFamily Family(string architecture) => ModelFamily.Of(architecture)!;

    /// <summary>A folder with two different matrices whose config.json says that they are one, and the logits that it has.</summary>
    (string Path, float[] Logits) Contradicting(string architecture)
    {
        string path = Write(_folder["in"], architecture, ("tie_word_embeddings", false));
        float[] logits = Logits(path);
        Edit(path, json => json["tie_word_embeddings"] = true);
        return (path, logits);
    }

    [Theory]
    [MemberData(nameof(Golden.Architectures), MemberType = typeof(Golden))]
    public void A_head_of_its_own_is_used_said_once_and_written_untied(string architecture)
    {
        var (path, expected) = Contradicting(architecture);
        using (var checkpoint = Checkpoint.Load(path))
        {
            Assert.Equal(expected, Logits(checkpoint.Model));
            Assert.False(checkpoint.Model.Config.IsTied);
            string note = Assert.Single(checkpoint.Notes);
            Assert.Contains(Family(architecture).OutputProjection, note);
            Assert.Contains("config.json says", note);
            CheckpointWriter.Save(_folder["out"], checkpoint.Model, null, null, null);
        }
        Assert.Equal(Checkpoint.Summarise(path).Notes, [.. Checkpoint.Summarise(path).Notes.Take(1)]);
        Assert.Contains("\"tie_word_embeddings\": false", File.ReadAllText(_folder["out/config.json"]));
        using var back = Checkpoint.Load(_folder["out"]);
        Assert.Empty(back.Notes);
        Assert.Equal(expected, Logits(back.Model));
    }

    [Theory]
    [MemberData(nameof(Golden.TyingArchitectures), MemberType = typeof(Golden))]
    public void So_is_one_under_a_config_that_says_nothing(string architecture)
    {
        var (path, expected) = Contradicting(architecture);
        Edit(path, json => json.Remove("tie_word_embeddings"));
        using var checkpoint = Checkpoint.Load(path);
        Assert.Equal(expected, Logits(checkpoint.Model));
        Assert.Equal(architecture == "llama" ? 0 : 1, checkpoint.Notes.Count); // LLaMA's is its own by default
    }

    [Theory]
    [MemberData(nameof(Golden.TyingArchitectures), MemberType = typeof(Golden))]
    public void A_head_that_equals_the_embeddings_is_tied(string architecture)
    {
        var (path, _) = Contradicting(architecture);
        string words = Family(architecture).WordEmbeddings, output = Family(architecture).OutputProjection;
        // Values that both types hold; -0 is 0.
        float[] rounded = [];
        Rewrite(path, (name, values) =>
        {
            if (name == output) return [];
            if (name != words) return [(name, SafeTensorType.F32, values)];
            rounded = Array.ConvertAll(values, v => MathF.Round(v * 64) / 64);
            return [(name, SafeTensorType.F32, rounded), (output, SafeTensorType.BF16, Array.ConvertAll(rounded, v => v == 0 ? -0f : v))];
        });
        using var checkpoint = Checkpoint.Load(path);
        Assert.True(checkpoint.Model.Config.IsTied);
        Assert.Empty(checkpoint.Notes);
        Assert.Equal(rounded, checkpoint.Model.Named[words].data<float>().ToArray());
        Assert.DoesNotContain(output, checkpoint.Model.Named.Keys);
        // One number of another value, the last.
        Rewrite(path, (name, values) =>
        {
            if (name == output) values[^1] += 0.25f;
            return [(name, SafeTensorType.F32, values)];
        });
        using var own = Checkpoint.Load(path);
        Assert.False(own.Model.Config.IsTied);
        Assert.Equal(rounded[^1] + 0.25f, own.Model.Named[output].data<float>().ToArray()[^1]);
    }

    [Theory]
    [MemberData(nameof(Golden.TyingArchitectures), MemberType = typeof(Golden))]
    public void One_matrix_under_either_name_is_both(string architecture)
    {
        string path = Write(_folder["in"], architecture), output = Family(architecture).OutputProjection;
        float[] expected = Logits(path);
        Rename(path, name => name == Family(architecture).WordEmbeddings ? output : name);
        using var checkpoint = Checkpoint.Load(path);
        Assert.Equal(expected, Logits(checkpoint.Model));
        Assert.True(checkpoint.Model.Config.IsTied);
        Assert.Empty(checkpoint.Notes);
    }

    [Theory]
    [InlineData("roberta", SafeTensorType.F16)]
    [InlineData("gpt2", SafeTensorType.BF16)]
    [InlineData("llama", SafeTensorType.F64)]
    public void Shards_wrappers_old_names_and_other_types_change_nothing(string architecture, SafeTensorType type)
    {
        var (path, expected) = Contradicting(architecture);
        string output = Family(architecture).OutputProjection;
        Rewrite(path, (name, values) => [("_orig_mod." + name, name == output ? type : SafeTensorType.F32, values)]);
        float[] narrow;
        using (var one = Checkpoint.Load(path))
        {
            Assert.Single(one.Notes);
            narrow = Logits(one.Model);
            Assert.All(expected.Zip(narrow), p => Assert.Equal(p.First, p.Second, 0.02f));
            Directory.CreateDirectory(_folder["shards"]);
            WeightsWriter.Save(_folder["shards"], one.Model, largestFile: 4000);
            File.Copy(Path.Combine(path, "config.json"), _folder["shards/config.json"]);
        }
        using var two = Checkpoint.Load(_folder["shards"]);
        Assert.Contains("-of-", Assert.Single(two.Notes));
        Assert.Equal(narrow, Logits(two.Model));
    }

    [Theory]
    [InlineData("xlm-roberta", "lm_head.bias", "lm_head.decoder.bias")]
    [InlineData("roberta", "lm_head.bias", "lm_head.decoder.bias")]
    [InlineData("xlm-roberta-xl", "lm_head.bias", "lm_head.decoder.bias")]
    [InlineData("bert", "cls.predictions.bias", "cls.predictions.decoder.bias")]
    [InlineData("albert", "predictions.bias", "predictions.decoder.bias")]
    public void Of_two_output_biases_the_projection_s_own_is_used(string architecture, string name, string own)
    {
        string path = Write(_folder["in"], architecture);
        float[] expected = Logits(path);
        // The name that isn't used has other values.
        Rewrite(path, (tensor, values) => tensor == name
            ? [(own, SafeTensorType.F32, values), (name, SafeTensorType.F32, Array.ConvertAll(values, v => v + 1))]
            : [(tensor, SafeTensorType.F32, values)]);
        using (var checkpoint = Checkpoint.Load(path))
        {
            Assert.Equal(expected, Logits(checkpoint.Model));
            Assert.Contains($"{own} is used", Assert.Single(checkpoint.Notes));
            CheckpointWriter.Save(_folder["out"], checkpoint.Model, null, null, null);
        }
        using var back = Checkpoint.Load(_folder["out"]);
        Assert.Empty(back.Notes);
        Assert.Equal(expected, Logits(back.Model));
    }

    [Theory]
    [InlineData("bart", "model.shared.weight", "model.encoder.embed_tokens.weight")]
    [InlineData("gpt2", "transformer.wte.weight", "wte.weight")]
    [InlineData("bert", "bert.embeddings.LayerNorm.weight", "bert.embeddings.LayerNorm.gamma")]
    public void Other_tensors_of_one_parameter_that_differ_are_refused(string architecture, string name, string second)
    {
        string path = Write(_folder["in"], architecture);
        void Twice(float more) => Rewrite(path, (tensor, values) => tensor == second ? [] : tensor == name
            ? [(name, SafeTensorType.F32, values), (second, SafeTensorType.F32, Array.ConvertAll(values, v => v + more))]
            : [(tensor, SafeTensorType.F32, values)]);
        Twice(0);
        Checkpoint.Check(path);
        Twice(0.5f);
        string problem = Assert.Single(Problems(path));
        Assert.Contains(name, problem);
        Assert.Contains(second, problem);
    }

    [Theory]
    [MemberData(nameof(Golden.Architectures), MemberType = typeof(Golden))]
    public void A_vocabulary_is_extended_and_trimmed_on_both_sides(string architecture)
    {
        var (path, expected) = Contradicting(architecture);
        using var checkpoint = Checkpoint.Load(path);
        using var extended = VocabularyExtender.Extend(checkpoint.Model, 1);
        using var trimmed = VocabularyTrimmer.Trim(extended, new VocabularyMap([.. Enumerable.Range(0, 40).Where(id => id != 20)]));
        CheckpointWriter.Save(_folder["out"], trimmed, null, null, null);
        using var back = Checkpoint.Load(_folder["out"]);
        Assert.Empty(back.Notes);
        using var scope = TorchSharp.torch.NewDisposeScope();
        using var quiet = TorchSharp.torch.no_grad();
        var hidden = back.Model.Hidden(TorchSharp.torch.tensor(new long[] { 0, 9, 37, 2 }, [1, 4]),
            TorchSharp.torch.ones([1, 4], dtype: TorchSharp.torch.@bool), parts: new([4], [2]));
        float[] found = back.Model.Logits(hidden.view(4, -1)).data<float>().ToArray();
        Assert.All(expected.Chunk(40).SelectMany(row => row.Where((_, id) => id != 20)).Zip(found),
            p => Assert.Equal(p.First, p.Second, 1e-5f));
    }
}
