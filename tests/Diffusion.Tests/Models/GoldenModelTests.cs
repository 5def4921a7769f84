using System.Text.Json.Nodes;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Checkpoints;
using DiffusionBatch.Diffusion.Models;
using DiffusionBatch.Diffusion.SafeTensors;
using DiffusionBatch.Diffusion.Tests.Checkpoints;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace DiffusionBatch.Diffusion.Tests.Models;

/// <summary>Every architecture against Hugging Face's own: logits, loss, gradients, and the same files back.</summary>
public sealed class GoldenModelTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Names => ["xlm-roberta", "roberta", "bert", "xlm-roberta-xl", "gpt2", "llama"];

    /// <summary>The mask of a model's own attention for tokens marked by 1.</summary>
    static Tensor Seen(LanguageModel model, long[] ids, long[] mask, int columns)
    {
        int[] lengths = [.. mask.Chunk(columns).Select(row => (int)row.Sum())];
        return AttentionMasks.Of(model.Config.Family.OwnAttention(model.Config), ids, lengths, lengths);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Logits_loss_and_gradient_norms_agree_with_the_reference(string name)
    {
        string golden = SharedData.Require("golden/" + name);
        using var checkpoint = Checkpoint.Load(golden);
        var model = checkpoint.Model;
        using var file = SafeTensorsReader.Open(Path.Combine(golden, "forward.safetensors"));
        using var scope = NewDisposeScope();
        long[] ids = file.ReadLongs("input_ids"), mask = file.ReadLongs("attention_mask"), labels = file.ReadLongs("labels");
        var logits = model.Logits(model.Hidden(tensor(ids, [3, 17]), Seen(model, ids, mask, 17)).view(51, -1)); // (B N, V)
        float[] found = logits.data<float>().ToArray(), expected = file.ReadFloats("logits");
        for (int i = 0; i < found.Length; i++)
            if (mask[i / 120] == 1) Assert.Equal(expected[i], found[i], 1e-4f);

        // The reference's loss has no shift: each position's logits are for its own label, the decoders' too.
        var loss = F.cross_entropy(logits, tensor(labels), ignore_index: -100);
        loss.backward();
        var reference = JsonNode.Parse(File.ReadAllText(Path.Combine(golden, "forward.json")))!;
        Assert.Equal(1, loss.item<float>() / (double)reference["loss"]!, 1e-5);
        var norms = reference["gradient_norms"]!.AsObject();
        Assert.Equal(norms.Select(n => n.Key).Order(), model.named_parameters().Select(p => p.name).Order());
        foreach (var (parameterName, parameter) in model.Named)
        {
            double norm = parameter.grad!.square().sum().sqrt().item<float>(), wanted = (double)norms[parameterName]!;
            // The keys' bias has no influence on the loss; its gradient is rounding alone.
            Assert.True(Math.Abs(norm - wanted) <= 1e-3 * wanted + 1e-6, $"{parameterName}: {norm}, expected {wanted}");
        }
    }

    [Theory]
    [InlineData("golden/xlm-roberta")]
    [InlineData("golden/roberta")]
    [InlineData("golden/bert")]
    [InlineData("golden/xlm-roberta-xl")]
    [InlineData("golden/gpt2")]
    [InlineData("golden/llama")]
    [InlineData("golden/sedd-absorb")]
    [InlineData("golden/sedd-uniform")]
    [InlineData("data/models/rxnmapper-albert")]
    [InlineData("data/models/stories260K")]
    public void What_was_loaded_is_saved_under_the_same_names_byte_for_byte(string name)
    {
        string golden = SharedData.Require(name);
        foreach (string file in (string[])["config.json", "model.safetensors"])
        {
            Directory.CreateDirectory(_folder["in"]);
            File.Copy(Path.Combine(golden, file), _folder["in/" + file]);
        }
        using (var checkpoint = Checkpoint.Load(_folder["in"]))
            CheckpointWriter.Save(_folder["out"], checkpoint.Model, null, null, null);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(File.ReadAllText(_folder["in/config.json"])),
            JsonNode.Parse(File.ReadAllText(_folder["out/config.json"]))));
        WeightsTests.AssertSame(_folder["in"], _folder["out"]);
    }

    [Fact]
    public void Albert_predicts_the_masked_tokens_that_it_was_trained_to()
    {
        string path = SharedData.Require("data/models/rxnmapper-albert");
        Directory.CreateDirectory(_folder["albert"]);
        foreach (string file in (string[])["config.json", "model.safetensors"])
            File.Copy(Path.Combine(path, file), _folder["albert/" + file]);
        using var checkpoint = Checkpoint.Load(_folder["albert"]);
        using var quiet = no_grad();
        foreach (var item in JsonNode.Parse(File.ReadAllText(Path.Combine(path, "golden.json")))!.AsArray())
        {
            using var scope = NewDisposeScope();
            long[] ids = [.. item!["ids"]!.AsArray().Select(i => (long)i!)],
                at = [.. item["masked_positions"]!.AsArray().Select(i => (long)i!)];
            foreach (long position in at) ids[position] = 14; // [MASK]
            var rows = checkpoint.Model.HiddenRows(tensor(ids, [1, ids.Length]), ones([1, ids.Length], dtype: @bool), tensor(at));
            var logits = checkpoint.Model.Logits(rows); // (R, V)
            Assert.Equal(item["argmax_at_masked"]!.AsArray().Select(i => (long)i!), logits.argmax(1).data<long>().ToArray());
            float[] first = logits.select(0, 0).data<float>().ToArray();
            var expected = item["logits_at_first_masked"]!.AsArray().Select(l => (float)l!).ToArray();
            for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], first[i], 1e-3f);
        }
    }

    [Fact]
    public void Llama_continues_as_the_reference_does()
    {
        string path = SharedData.Require("data/models/stories260K");
        Directory.CreateDirectory(_folder["llama"]);
        foreach (string file in (string[])["config.json", "model.safetensors"])
            File.Copy(Path.Combine(path, file), _folder["llama/" + file]);
        using var checkpoint = Checkpoint.Load(_folder["llama"]);
        using var quiet = no_grad();
        var greedy = JsonNode.Parse(File.ReadAllText(Path.Combine(path, "greedy.json")))!;
        long[] expected = [.. greedy["greedy_token_ids"]!.AsArray().Select(i => (long)i!)];
        var ids = new List<long> { (long)greedy["bos"]! };
        while (ids.Count < expected.Length)
        {
            using var scope = NewDisposeScope();
            int n = ids.Count;
            var seen = AttentionMasks.Of(AttentionKind.Causal, ids.ToArray(), [n], [n]);
            ids.Add(checkpoint.Model.Logits(checkpoint.Model.HiddenRows(tensor(ids.ToArray(), [1, n]), seen, tensor(new long[] { n - 1 })))
                .argmax(1).item<long>());
        }
        Assert.Equal(expected, ids);
    }
}
