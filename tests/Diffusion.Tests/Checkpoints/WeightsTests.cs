using System.Text.Json.Nodes;
using DiffusionBatch.Diffusion.Checkpoints;
using DiffusionBatch.Diffusion.Files;
using DiffusionBatch.Diffusion.Models;
using DiffusionBatch.Diffusion.SafeTensors;
using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Tests.Checkpoints;

/// <summary>Weights in all the forms that writers give them: shards, half precision, old names, tied tensors, extras.</summary>
public sealed class WeightsTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>All tensors of a folder's files as (type, shape, bytes) by name.</summary>
    static Dictionary<string, string> Tensors(string path)
    {
        var tensors = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string file in Directory.GetFiles(path, "*.safetensors"))
        {
            using var reader = SafeTensorsReader.Open(file);
            foreach (var (name, info) in reader.Tensors)
            {
                using var bytes = new MemoryStream();
                reader.CopyTo(name, bytes);
                tensors.Add(name, $"{info.Type} {SafeTensorInfo.Describe(info.Shape)} "
                    + $"{Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(bytes.ToArray()))}");
            }
        }
        return tensors;
    }

    /// <summary>Requires the same tensors under the same names, byte for byte.</summary>
    internal static void AssertSame(string expected, string found) =>
        Assert.Equal(Tensors(expected).OrderBy(t => t.Key, StringComparer.Ordinal),
            Tensors(found).OrderBy(t => t.Key, StringComparer.Ordinal));

    string New(string architecture, Action<JsonObject>? edit = null)
    {
        string path = _folder["new"];
        using (var model = Golden.Small(architecture: architecture)) CheckpointWriter.Save(path, model, null, null, null);
        if (edit is null) return path;
        var json = JsonNode.Parse(File.ReadAllText(Path.Combine(path, "config.json")))!.AsObject();
        edit(json);
        File.WriteAllText(Path.Combine(path, "config.json"), json.ToJsonString());
        return path;
    }

    static float[] Logits(LanguageModel model)
    {
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        return model.Logits(model.Hidden(tensor(new long[] { 0, 9, 39, 2 }, [1, 4]), ones([1, 4], dtype: @bool), parts: new([4], [2]))
            .view(4, -1)).data<float>().ToArray();
    }

    /// <summary>Writes a folder's weights again: each tensor under names of one's choice, and others beside.</summary>
    static void Rewrite(string path, Func<string, IEnumerable<string>> names, SafeTensorType type = SafeTensorType.F32,
        params (string Name, SafeTensorType Type, long[] Shape)[] extras)
    {
        string file = Path.Combine(path, "model.safetensors");
        var writer = new SafeTensorsWriter();
        using (var reader = SafeTensorsReader.Open(file))
            foreach (var (name, info) in reader.Tensors)
            {
                float[] values = reader.ReadFloats(name);
                byte[] narrow = new byte[values.Length * type.Size()];
                if (type != SafeTensorType.F32) HalfNumbers.Narrow(type, values, narrow);
                else Buffer.BlockCopy(values, 0, narrow, 0, narrow.Length);
                foreach (string other in names(name)) writer.Add(other, type, info.Shape, values.Length, s => s.Write(narrow));
            }
        foreach (var (name, extra, shape) in extras)
        {
            long elements = shape.Aggregate(1L, (a, b) => a * b);
            writer.Add(name, extra, shape, elements,
                s => s.Write([.. Enumerable.Range(0, (int)elements * extra.Size()).Select(i => (byte)(i % 2))]));
        }
        writer.Save(file);
    }

    [Theory]
    [MemberData(nameof(Golden.Architectures), MemberType = typeof(Golden))]
    public void Shards_are_written_and_read(string architecture)
    {
        string whole = New(architecture), shards = _folder["shards"];
        using var one = Checkpoint.Load(whole);
        Directory.CreateDirectory(shards);
        one.Model.Config.Save(shards);
        WeightsWriter.Save(shards, one.Model, largestFile: 4000);
        Assert.InRange(Directory.GetFiles(shards, "model-*-of-*.safetensors").Length, 3, 40);
        AssertSame(whole, shards);
        using (var two = Checkpoint.Load(shards))
        {
            Assert.Equal(Logits(one.Model), Logits(two.Model));
            CheckpointWriter.Save(_folder["back"], two.Model, null, null, null);
        }
        AssertSame(whole, _folder["back"]);
        File.Delete(Directory.GetFiles(shards, "model-00002-*")[0]);
        Assert.Contains("model-00002-of-", Assert.Throws<CheckpointException>(() => Checkpoint.Load(shards)).Problems[0].File);
    }

    [Fact]
    public void An_index_that_contradicts_its_shards_is_refused()
    {
        string path = New("bert"), index = Path.Combine(path, "model.safetensors.index.json");
        File.Move(Path.Combine(path, "model.safetensors"), Path.Combine(path, "a.safetensors"));
        File.WriteAllText(index, """{"weight_map":{"bert.embeddings.word_embeddings.weight":"a.safetensors","absent":"a.safetensors"}}""");
        Assert.Equal("absent", Assert.Single(Assert.Throws<CheckpointException>(() => Checkpoint.Check(path)).Problems).Subject);
        File.WriteAllText(index, """{"weight_map":{"absent":"../a.safetensors"}}""");
        Assert.Contains("outside", Assert.Single(Assert.Throws<CheckpointException>(() => Checkpoint.Check(path)).Problems).Message);
        File.WriteAllText(index, """{"weight_map":[]}""");
        Assert.Contains("malformed", Assert.Single(Assert.Throws<CheckpointException>(() => Checkpoint.Check(path)).Problems).Message);
    }

    [Theory]
    [InlineData(SafeTensorType.F16)]
    [InlineData(SafeTensorType.BF16)]
    public void Half_precision_is_widened_and_written_back_unless_it_changed(SafeTensorType type)
    {
        string path = New("gpt2", json => json["torch_dtype"] = type == SafeTensorType.F16 ? "float16" : "bfloat16");
        Rewrite(path, name => [name], type);
        using var checkpoint = Checkpoint.Load(path);
        CheckpointWriter.Save(_folder["same"], checkpoint.Model, null, null, null);
        AssertSame(path, _folder["same"]);
        Assert.Contains("float16", File.ReadAllText(_folder["same/config.json"]));
        using (no_grad()) checkpoint.Model.Named["transformer.ln_f.bias"].fill_(1.0 / 3);
        CheckpointWriter.Save(_folder["trained"], checkpoint.Model, null, null, null);
        var (before, after) = (Tensors(path), Tensors(_folder["trained"]));
        Assert.StartsWith("F32", after["transformer.ln_f.bias"]);
        Assert.Equal(["transformer.ln_f.bias"], before.Where(t => after[t.Key] != t.Value).Select(t => t.Key));
        Assert.Contains("float32", File.ReadAllText(_folder["trained/config.json"]));
    }

    [Theory]
    [InlineData(1f, 0x3F80)]
    [InlineData(1.00390625f, 0x3F80)] // halfway: to the even one
    [InlineData(1.01171875f, 0x3F82)]
    [InlineData(1.0040f, 0x3F81)]
    [InlineData(-0.3333333f, 0xBEAB)]
    [InlineData(3.4e38f, 0x7F80)]
    [InlineData(float.NegativeInfinity, 0xFF80)]
    [InlineData(0f, 0)]
    public void Bfloat16_is_rounded_to_the_nearest(float number, int expected)
    {
        byte[] narrow = new byte[2];
        HalfNumbers.Narrow(SafeTensorType.BF16, [number], narrow);
        Assert.Equal(expected, BitConverter.ToUInt16(narrow));
    }

    [Theory]
    [InlineData(0x7FC00000u)]
    [InlineData(0x7F800001u)]
    [InlineData(0xFFFFFFFFu)]
    public void Bfloat16_of_no_number_is_none(uint bits)
    {
        byte[] narrow = new byte[2];
        float[] wide = new float[1];
        HalfNumbers.Narrow(SafeTensorType.BF16, [BitConverter.UInt32BitsToSingle(bits)], narrow);
        HalfNumbers.Widen(SafeTensorType.BF16, narrow, wide);
        Assert.True(float.IsNaN(wide[0]));
    }

    [Theory]
    [MemberData(nameof(Golden.Architectures), MemberType = typeof(Golden))]
    public void Weights_are_written_in_the_type_that_is_asked_for(string architecture)
    {
        using var model = Golden.Small(architecture: architecture);
        CheckpointWriter.Save(_folder["half"], model, null, null, null, type: SafeTensorType.BF16);
        Assert.Contains("\"bfloat16\"", File.ReadAllText(_folder["half/config.json"]));
        Assert.All(Tensors(_folder["half"]).Values, t => Assert.StartsWith("BF16", t));
        using var half = Checkpoint.Load(_folder["half"]);
        foreach (var (name, parameter) in model.Named)
            Assert.All(parameter.data<float>().ToArray().Zip(half.Model.Named[name].data<float>().ToArray()),
                n => Assert.InRange(Math.Abs(n.First - n.Second), 0, Math.Abs(n.First) / 256));
        // What bfloat16 holds stays what it is, in either type.
        CheckpointWriter.Save(_folder["again"], half.Model, null, null, null, type: SafeTensorType.BF16);
        AssertSame(_folder["half"], _folder["again"]);
        CheckpointWriter.Save(_folder["whole"], half.Model, null, null, null, type: SafeTensorType.F32);
        Assert.Contains("\"float32\"", File.ReadAllText(_folder["whole/config.json"]));
        using var whole = Checkpoint.Load(_folder["whole"]);
        Assert.Equal(Logits(half.Model), Logits(whole.Model));
    }

    [Fact]
    public void Bert_may_have_old_names_no_prefix_its_tied_tensors_twice_and_its_other_head()
    {
        string path = New("bert");
        float[] expected;
        using (var plain = Checkpoint.Load(path)) expected = Logits(plain.Model);
        Rewrite(path, name => name switch
        {
            "bert.embeddings.word_embeddings.weight" => ["embeddings.word_embeddings.weight", "cls.predictions.decoder.weight"],
            "cls.predictions.bias" => ["cls.predictions.bias", "cls.predictions.decoder.bias"],
            _ => [(name.StartsWith("bert.") ? name[5..] : name).Replace("LayerNorm.weight", "LayerNorm.gamma")
                .Replace("LayerNorm.bias", "LayerNorm.beta")],
        }, SafeTensorType.F32, ("cls.seq_relationship.weight", SafeTensorType.F32, [2, 16]),
            ("pooler.dense.weight", SafeTensorType.F32, [16, 16]), ("embeddings.position_ids", SafeTensorType.I64, [1, 32]));
        using (var loaded = Checkpoint.Load(path))
        {
            Assert.Equal(expected, Logits(loaded.Model));
            CheckpointWriter.Save(_folder["back"], loaded.Model, null, null, null);
        }
        AssertSame(path, _folder["back"]);
    }

    [Theory]
    [InlineData("gpt2", "transformer.", "h.0.attn.bias", SafeTensorType.U8)]
    [InlineData("gpt2", "transformer.", "h.1.attn.masked_bias", SafeTensorType.F32)]
    [InlineData("llama", "model.", "layers.0.self_attn.rotary_emb.inv_freq", SafeTensorType.F64)]
    [InlineData("albert", "albert.", "pooler.weight", SafeTensorType.F32)]
    [InlineData("roberta", "roberta.", "embeddings.position_ids", SafeTensorType.I64)]
    public void A_body_may_lack_its_prefix_and_bring_what_the_network_does_not_use(string architecture, string prefix, string extra,
        SafeTensorType type)
    {
        string path = New(architecture);
        float[] expected;
        using (var plain = Checkpoint.Load(path)) expected = Logits(plain.Model);
        Rewrite(path, name => [name.StartsWith(prefix) ? name[prefix.Length..] : name], SafeTensorType.F32, (extra, type, [2, 3]));
        using (var loaded = Checkpoint.Load(path))
        {
            Assert.Equal(expected, Logits(loaded.Model));
            CheckpointWriter.Save(_folder["back"], loaded.Model, null, null, null);
        }
        AssertSame(path, _folder["back"]);
    }

    [Theory]
    [MemberData(nameof(Golden.TyingArchitectures), MemberType = typeof(Golden))]
    public void An_untied_output_has_weights_of_its_own(string architecture)
    {
        string path = New(architecture, json => json["tie_word_embeddings"] = false);
        var problem = Assert.Single(Assert.Throws<CheckpointException>(() => Checkpoint.Load(path)).Problems);
        Assert.Equal("the tensor is missing", problem.Message);
        string words = Diffusion.Models.Families.ModelFamily.Of(architecture)!.WordEmbeddings;
        Rewrite(path, name => name == words ? [name, problem.Subject!] : [name]);
        using var untied = Checkpoint.Load(path);
        float[] before = Logits(untied.Model);
        using (no_grad()) untied.Model.Named[problem.Subject!].zero_();
        Assert.NotEqual(before, Logits(untied.Model));
        Assert.True(Logits(untied.Model).Chunk(40).All(row => row.Distinct().Count() == 1));
    }

    [Fact]
    public void Loading_says_how_far_it_is()
    {
        string path = New("llama");
        var progress = new List<LoadProgress>();
        Checkpoint.Load(path, progress: new Told(progress.Add)).Dispose();
        Assert.Equal(new FileInfo(Path.Combine(path, "model.safetensors")).Length, progress[^1].AllBytes, 4000.0);
        Assert.Equal(progress[^1].AllBytes, progress[^1].Bytes);
        Assert.Equal(progress.Select(p => p.Bytes).Order(), progress.Select(p => p.Bytes));
    }

    sealed class Told(Action<LoadProgress> tell) : IProgress<LoadProgress>
    {
        public void Report(LoadProgress value) => tell(value);
    }
}
