using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Checkpoints;
using DiffusionBatch.Diffusion.Files;
using DiffusionBatch.Diffusion.Models;
using DiffusionBatch.Diffusion.Models.Families;
using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Tests.Models;

/// <summary>SEDD's network in its published layout.</summary>
public sealed class SeddTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("absorb")]
    [InlineData("uniform")]
    public void Log_scores_agree_with_the_published_network(string graph)
    {
        var (checkpoint, expected) = Golden.Sedd(graph);
        using (checkpoint)
        using (expected)
        {
            float[] right = expected.ReadFloats("log_score"), sigma = expected.ReadFloats("sigma");
            long[] ids = expected.ReadLongs("x_t");
            int n = ids.Length / 3, v = checkpoint.Model.VocabularySize;
            for (int b = 0; b < 3; b++)
            {
                var found = new List<float>();
                OwnForward.Run(checkpoint.Model, ids[(b * n)..((b + 1) * n)], [.. Enumerable.Repeat(true, n)],
                    scores => found.AddRange(scores.data<float>().ToArray()), sigma[b]);
                Assert.Equal(n * v, found.Count);
                for (int i = 0; i < found.Count; i++) Assert.Equal(right[b * n * v + i], found[i], 1e-4f);
            }
        }
    }

    [Fact]
    public void The_mask_and_the_vocabulary_follow_from_the_graph()
    {
        var (absorb, file) = Golden.Sedd("absorb");
        using (absorb)
        using (file)
            Assert.Equal((31, 30, CanvasClosing.None), (absorb.Model.VocabularySize, absorb.Specials.Mask, absorb.Closing));
        var (uniform, other) = Golden.Sedd("uniform");
        using (uniform)
        using (other)
            Assert.Equal((30, -1, CanvasClosing.None), (uniform.Model.VocabularySize, uniform.Specials.Mask, uniform.Closing));
    }

    [Fact]
    public void Rows_are_those_of_all_positions_and_neighbours_change_nothing()
    {
        using var model = (Sedd)Golden.Small(architecture: "sedd");
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        model.eval();
        long[] ids = [.. Enumerable.Range(0, 16).Select(i => (long)(i * 7 % 40))];
        var parts = new CanvasParts([8, 8], [0, 0]) { Sigmas = [0.3, 2.5] };
        var seen = ones([2, 8], dtype: @bool);
        var all = model.Hidden(tensor(ids, [2, 8]), seen, parts: parts).view(16, -1);
        long[] rows = [1, 6, 9, 15];
        var some = model.HiddenRows(tensor(ids, [2, 8]), seen, tensor(rows), parts);
        Assert.Equal(all.index_select(0, tensor(rows)).data<float>().ToArray(), some.data<float>().ToArray());
        var alone = model.Hidden(tensor(ids[8..], [1, 8]), seen.narrow(0, 1, 1), parts: new CanvasParts([8], [0]) { Sigmas = [2.5] })
            .view(8, -1);
        Assert.Equal(all.narrow(0, 8, 8).data<float>().ToArray(), alone.data<float>().ToArray());
        var other = model.Hidden(tensor(ids[8..], [1, 8]), seen.narrow(0, 1, 1), parts: new CanvasParts([8], [0]) { Sigmas = [2.6] })
            .view(8, -1);
        Assert.NotEqual(alone.data<float>().ToArray(), other.data<float>().ToArray());
    }

    [Fact]
    public void A_new_network_says_that_all_ratios_are_alike()
    {
        var config = ModelConfig.Create(new NewModel { Architecture = "sedd", HiddenSize = 16, Layers = 1, Heads = 2, MaxPositions = 8 }, 9,
            new(0, 1, 2, 3, 8));
        Assert.Equal(64, config.FeedForwardSize);
        using var model = (Sedd)config.Family.Build(config, null);
        model.Initialise(1);
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        var rows = model.Hidden(tensor(new long[] { 8, 3 }, [1, 2]), ones([1, 2], dtype: @bool),
            parts: new CanvasParts([2], [0]) { Sigmas = [0.7] }).view(2, -1);
        float[] scores = model.LogScores(model.Logits(rows), [8, 3], [0.7, 0.7]).exp().data<float>().ToArray();
        for (int y = 0; y < 8; y++) Assert.Equal(1 / (Math.Exp(0.7) - 1) / 8, scores[y], 1e-6);
        Assert.Equal((1f, 1f), (scores[8], scores[9 + 3]));
    }

    [Theory]
    [InlineData("\"absorb\"", "\"other\"", "graph.type")]
    [InlineData("\"n_heads\": 4", "\"n_heads\": 5", "model.hidden_size")]
    [InlineData("\"cond_dim\": 16", "\"cond_dim\": 0", "model.cond_dim")]
    [InlineData("\"scale_by_sigma\": true", "\"scale_by_sigma\": 1", "model.scale_by_sigma")]
    [InlineData("\"tokens\": 30", "\"tokens\": 31", "misshapen")]
    [InlineData("\"tokens\": 30,", "\"tokens\": 30, \"noise\": { \"type\": \"cosine\" },", "noise.type")]
    public void What_a_config_says_wrong_is_said_by_its_field(string right, string wrong, string field)
    {
        string golden = SharedData.Require("golden/sedd-absorb");
        Directory.CreateDirectory(_folder["in"]);
        string config = File.ReadAllText(Path.Combine(golden, "config.json"));
        Assert.Contains(right, config, StringComparison.Ordinal);
        File.WriteAllText(_folder["in/config.json"], config.Replace(right, wrong, StringComparison.Ordinal));
        File.Copy(Path.Combine(golden, "model.safetensors"), _folder["in/model.safetensors"]);
        var error = Assert.Throws<CheckpointException>(() => Checkpoint.Check(_folder["in"]));
        Assert.Contains(error.Problems, p => p.Sentence.Contains(field, StringComparison.Ordinal));
    }

    [Fact]
    public void Noise_comes_from_the_config()
    {
        string golden = SharedData.Require("golden/sedd-absorb");
        Directory.CreateDirectory(_folder["in"]);
        string config = File.ReadAllText(Path.Combine(golden, "config.json"))
            .Replace("\"tokens\": 30,", "\"tokens\": 30, \"noise\": { \"type\": \"geometric\", \"sigma_min\": 0.001, \"sigma_max\": 10 },",
                StringComparison.Ordinal);
        File.WriteAllText(_folder["in/config.json"], config);
        var read = ModelConfig.Read(_folder["in"], [])!;
        Assert.Equal((NoiseKind.Geometric, 0.001, 10), SeddFamily.NoiseOf(read));
        Assert.Equal(0.1, SeddFamily.Diffusion(read).Noise.Sigma(0.5), 1e-12);
        Assert.Equal(NoiseKind.Loglinear, SeddFamily.NoiseOf(ModelConfig.Read(golden, [])!)!.Value.Kind);
        Assert.Equal(NoiseKind.Geometric, SeddFamily.NoiseOf(ModelConfig.Read(SharedData.Require("golden/sedd-uniform"), [])!)!.Value.Kind);
    }
}
