using DiffusionBatch.Diffusion.Checkpoints;
using DiffusionBatch.Diffusion.Files;
using DiffusionBatch.Diffusion.Models;
using DiffusionBatch.Diffusion.SafeTensors;
using static DiffusionBatch.Diffusion.Tests.Checkpoints.SmallFolder;

namespace DiffusionBatch.Diffusion.Tests.Checkpoints;

/// <summary>What people's own files hold in place of plain weights: wrappers' names, other precisions, pointers, other formats.</summary>
public sealed class WeightFormsTests : IDisposable
{
    const string Pointer = "version https://git-lfs.github.com/spec/v1\noid "
        + "sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 440449768\n";

    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string, string> Wrapped =>
        [.. from a in ModelConfig.Architectures from p in (string[])["_orig_mod.", "module.", "model.", "module._orig_mod.", "transformer.",
            "net.backbone.model."] select (a, p)];

    [Theory]
    [MemberData(nameof(Wrapped))]
    public void A_prefix_of_all_names_is_taken_off_and_not_written_again(string architecture, string prefix)
    {
        string path = Write(_folder["in"], architecture);
        float[] expected = Logits(path);
        string plain = Write(_folder["plain"], architecture);
        Rename(path, name => prefix + name);
        using (var checkpoint = Checkpoint.Load(path))
        {
            Assert.Equal(expected, Logits(checkpoint.Model));
            CheckpointWriter.Save(_folder["out"], checkpoint.Model, null, null, null);
        }
        WeightsTests.AssertSame(plain, _folder["out"]);
        Assert.Empty(Checkpoint.Summarise(path).Unused);
    }

    [Theory]
    [InlineData("bert", "bert.", "encoder.", "encoder._orig_mod.")]
    [InlineData("llama", "model.", "layers.", "layers._fsdp_wrapped_module.")]
    [InlineData("xlm-roberta", "", ".layer.", ".layer._checkpoint_wrapped_module.")]
    public void Marks_of_compilers_are_taken_off_inside_names_too(string architecture, string body, string segment, string marked)
    {
        string path = Write(_folder["in"], architecture);
        float[] expected = Logits(path);
        Rename(path, name => (body.Length > 0 && name.StartsWith(body) ? name[body.Length..] : name).Replace(segment, marked));
        Assert.Equal(expected, Logits(path));
    }

    [Fact]
    public void A_prefix_of_some_names_is_none_and_what_is_missing_beside_one_is_told_by_its_own_name()
    {
        string path = Write(_folder["in"], "roberta");
        Rename(path, name => name == "lm_head.bias" ? "module.lm_head.bias" : name);
        Assert.Equal(["lm_head.bias", "module.lm_head.bias"],
            Assert.Throws<CheckpointException>(() => Checkpoint.Check(path)).Problems.Select(p => p.Subject));
        Rewrite(path, (name, values) => name == "module.lm_head.bias" ? [] : [("module." + name, SafeTensorType.F32, values)]);
        Assert.Equal("model.safetensors: lm_head.bias: the tensor is missing; expected F32 [40]", Assert.Single(Problems(path)));
    }

    [Theory]
    [MemberData(nameof(Golden.Architectures), MemberType = typeof(Golden))]
    public void Double_precision_is_read_as_float32_and_written_so(string architecture)
    {
        string path = Write(_folder["in"], architecture);
        float[] expected = Logits(path);
        Rewrite(path, (name, values) => [(name, SafeTensorType.F64, values)]);
        Edit(path, json => json["torch_dtype"] = "float64");
        using (var checkpoint = Checkpoint.Load(path))
        {
            Assert.Equal(expected, Logits(checkpoint.Model));
            CheckpointWriter.Save(_folder["out"], checkpoint.Model, null, null, null);
        }
        Assert.Equal([SafeTensorType.F32], Checkpoint.Summarise(_folder["out"]).Types.Select(t => t.Type));
        Assert.Contains("\"float32\"", File.ReadAllText(_folder["out/config.json"]));
        Assert.Equal(expected, Logits(_folder["out"]));
    }

    [Theory]
    [InlineData(1e300, "the number is beyond float32, in which weights are computed; expected finite numbers, found 1E+300 at [2]")]
    [InlineData(-3.5e38, "the number is beyond float32, in which weights are computed; expected finite numbers, found -3.5E+38 at [2]")]
    [InlineData(double.NaN, "the weights are damaged or training diverged; expected finite numbers, found NaN at [2]")]
    [InlineData(double.PositiveInfinity, "the weights are damaged or training diverged; expected finite numbers, found infinity at [2]")]
    public void A_double_that_float32_does_not_hold_is_named(double number, string problem)
    {
        string path = Write(_folder["in"], "bert"), file = Path.Combine(path, "model.safetensors");
        var writer = new SafeTensorsWriter();
        using (var reader = SafeTensorsReader.Open(file))
            foreach (var (name, info) in reader.Tensors)
            {
                double[] values = Array.ConvertAll(reader.ReadFloats(name), v => (double)v);
                if (name == "cls.predictions.bias") values[2] = number;
                writer.Add(name, SafeTensorType.F64, info.Shape, values.Length,
                    s => s.Write(System.Runtime.InteropServices.MemoryMarshal.AsBytes(values.AsSpan())));
            }
        writer.Save(file);
        Assert.Equal("model.safetensors: cls.predictions.bias: " + problem, Assert.Single(Problems(path)));
    }

    [Fact]
    public void A_pointer_in_place_of_a_file_is_called_one_and_shards_are_counted()
    {
        string path = Write(_folder["in"], "gpt2");
        File.WriteAllText(Path.Combine(path, "model.safetensors"), Pointer);
        Assert.Equal("model.safetensors: this is a Git LFS pointer to a file of 440,449,768 bytes, not the file itself; run 'git lfs "
            + "pull' where the folder was cloned, or download the file", Assert.Single(Problems(path)));
        File.Delete(Path.Combine(path, "model.safetensors"));
        File.WriteAllText(Path.Combine(path, "model.safetensors.index.json"),
            """{"weight_map":{"a":"model-1.safetensors","b":"model-2.safetensors","c":"model-3.safetensors"}}""");
        for (int i = 1; i <= 3; i++) File.WriteAllText(Path.Combine(path, $"model-{i}.safetensors"), Pointer);
        string problem = Assert.Single(Problems(path));
        Assert.Contains("git lfs pull", problem);
        Assert.EndsWith("so are 2 more of the shards", problem);
        File.Delete(Path.Combine(path, "model.safetensors.index.json"));
        File.Delete(Path.Combine(path, "model-1.safetensors"));
        File.Move(Write(_folder["whole"], "gpt2") + "/model.safetensors", Path.Combine(path, "model.safetensors"));
        File.WriteAllText(Path.Combine(path, "tokenizer.json"), Pointer);
        Assert.Contains("tokenizer.json: this is a Git LFS pointer", Checkpoint.Summarise(path).TokenizerProblem!.ToString());
        File.WriteAllText(Path.Combine(path, "config.json"), Pointer);
        Assert.Contains("config.json: this is a Git LFS pointer", Problems(path)[0]);
    }

    [Theory]
    [InlineData("bert", "pytorch_model.bin",
        "AutoModelForMaskedLM.from_pretrained('FOLDER').save_pretrained('FOLDER', safe_serialization=True)")]
    [InlineData("gpt2", "pytorch_model-00001-of-00002.bin", "AutoModelForCausalLM.from_pretrained('FOLDER')")]
    [InlineData("bart", "tf_model.h5", "AutoModelForSeq2SeqLM.from_pretrained('FOLDER', from_tf=True)")]
    [InlineData("bert", "bert_model.ckpt.index", "AutoModelForMaskedLM.from_pretrained('FOLDER', from_tf=True)")]
    [InlineData("roberta", "flax_model.msgpack", "AutoModelForMaskedLM.from_pretrained('FOLDER', from_flax=True)")]
    [InlineData("llama", "tiny.Q8_0.gguf", "gguf_file='tiny.Q8_0.gguf'")]
    [InlineData("llama", "consolidated.00.pth", "AutoModelForCausalLM")]
    [InlineData("llama", "model-00001-of-00002.safetensors", "model.safetensors.index.json")]
    public void Weights_in_another_format_are_named_with_the_way_out(string architecture, string file, string hint)
    {
        string path = Write(_folder["in"], architecture);
        File.Move(Path.Combine(path, "model.safetensors"), Path.Combine(path, file));
        File.WriteAllText(Path.Combine(path, "training_args.bin"), "");
        string problem = Assert.Single(Problems(path));
        Assert.StartsWith($"model.safetensors: the file is missing; {file} is there", problem);
        Assert.Contains(hint, problem);
        File.Delete(Path.Combine(path, file));
        Assert.Equal("model.safetensors: the file is missing", Assert.Single(Problems(path)));
    }
}
