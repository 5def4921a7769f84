using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Data;
using DiffusionBatch.Diffusion.Models;
using DiffusionBatch.Diffusion.Processes;
using DiffusionBatch.Diffusion.Randomness;
using DiffusionBatch.Diffusion.Scores;
using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Tests.Processes;

/// <summary>The score-entropy processes: their noise, their loss and their bound.</summary>
public sealed class ScoreEntropyTests
{
    public static TheoryData<string> Graphs => ["absorb", "uniform"];

    static Sedd Small(string graph, int vocabulary = 9)
    {
        var config = ModelConfig.Create(new NewModel { Architecture = "sedd", HiddenSize = 16, Layers = 1, Heads = 2, MaxPositions = 16 },
            vocabulary, new(0, 1, 2, 3, vocabulary - 1),
            new ObjectiveSettings { Process = "sedd-" + graph });
        var model = (Sedd)config.Family.Build(config, null);
        model.Initialise(1);
        model.eval();
        return model;
    }

    [Theory, MemberData(nameof(Graphs))]
    public void Losses_are_the_published_ones(string graph)
    {
        var (checkpoint, expected) = Golden.Sedd(graph);
        using (checkpoint)
        using (expected)
        using (no_grad())
        {
            var model = (Sedd)checkpoint.Model;
            var process = new ScoreEntropyProcess(model.Diffusion);
            long[] x_0 = expected.ReadLongs("x_0"), x_t = expected.ReadLongs("x_t");
            float[] t = expected.ReadFloats("t"), right = expected.ReadFloats("loss_per_sequence");
            int n = x_0.Length / 3;
            for (int b = 0; b < 3; b++)
            {
                var pairs = new EncodedPairs(n, 0, 0);
                pairs.AddSequence("x", [.. x_0[(b * n)..((b + 1) * n)].Select(i => (int)i)], promptLength: 0);
                using var loss = process.Loss(model, process.Apply(new PairBatch(pairs, [0], 0), [t[b]], x_t[(b * n)..((b + 1) * n)]), 0)!;
                Assert.Equal(1, loss.item<float>() / right[b], 1e-4);
            }
        }
    }

    [Theory, MemberData(nameof(Graphs))]
    public void Corruption_depends_on_seed_epoch_and_sample_alone(string graph)
    {
        using var model = Small(graph);
        var process = new ScoreEntropyProcess(model.Diffusion);
        var pairs = new EncodedPairs(16, 0, 2);
        for (int i = 0; i < 4; i++) pairs.Add($"p{i}", Enumerable.Repeat(3, 1 + i).ToArray(), Enumerable.Range(3, 2 + i).ToArray());
        var all = process.Noise(new PairBatch(pairs, [0, 1, 2, 3], 1), pairs, 7, 5);
        for (int i = 0; i < 4; i++)
        {
            var alone = process.Noise(new PairBatch(pairs, [i], 1), pairs, 7, 5);
            Assert.Equal(all.InputIds.AsSpan(i * all.Columns, alone.Columns).ToArray(), alone.InputIds);
            Assert.Equal(all.Sigmas![i], alone.Sigmas![0]);
            // The prompt stays clean and has no loss.
            Assert.Equal(pairs.Tokens(i)[..pairs.PromptLength(i)].ToArray().Select(t => (long)t), alone.InputIds[..pairs.PromptLength(i)]);
            Assert.All(alone.Masked, at => Assert.InRange(at, pairs.PromptLength(i), pairs.Length(i) - 1));
        }
        Assert.NotEqual(all.Sigmas, process.Noise(new PairBatch(pairs, [0, 1, 2, 3], 1), pairs, 7, 6).Sigmas);
    }

    [Theory, MemberData(nameof(Graphs))]
    public void Noise_takes_the_share_of_tokens_that_sigma_says(string graph)
    {
        ScoreGraph chain = graph == "absorb" ? new AbsorbGraph(9) : new UniformGraph(9);
        var process = new ScoreEntropyProcess(new ScoreDiffusion(chain, new LoglinearNoise()));
        var tokens = new long[40000];
        process.Replace(tokens, 0, 0.7, CounterRandom.For(1, "x"));
        double share = 1 - Math.Exp(-0.7), kept = tokens.Count(t => t == 0) / (double)tokens.Length;
        Assert.Equal(graph == "absorb" ? 1 - share : 1 - share * 8 / 9, kept, 0.01);
        for (int y = 1; y < 9; y++)
            Assert.Equal(graph == "absorb" ? (y == 8 ? share : 0) : share / 9, tokens.Count(t => t == y) / (double)tokens.Length, 0.01);
    }

    /// <summary>A new network gives the true ratios of independent uniform tokens: the bound is then their entropy.</summary>
    [Theory]
    [InlineData("absorb", 8)]
    [InlineData("uniform", 9)]
    public void The_bound_of_independent_uniform_tokens_is_L_log_V(string graph, int tokens)
    {
        using var model = Small(graph);
        var bound = new ScoreEntropyBound(model);
        double[] draws = [.. Enumerable.Range(0, 40)
            .SelectMany(k => bound.Draws([1, 4, 4, 7, 0, 3, 2, 5, 6, 1, 1, 3], 2, 100, CounterRandom.For(k, "bound")))];
        double mean = draws.Average(), deviation = Math.Sqrt(draws.Average(d => (d - mean) * (d - mean)) / draws.Length);
        Assert.Equal(10 * Math.Log(tokens), mean, 3 * deviation + 0.01);
        Assert.True(deviation < 1, $"{deviation}");
    }

    [Theory, MemberData(nameof(Graphs))]
    public void The_bound_is_finite_and_above_that_of_the_true_law(string graph)
    {
        using var model = Small(graph);
        Golden.Stir(model);
        double mean = new ScoreEntropyBound(model).Draws([1, 4, 4, 7, 0, 3], 0, 200, CounterRandom.For(1, "bound")).Average();
        Assert.InRange(mean, 1, 1000);
    }

    [Fact]
    public void The_loss_falls_where_there_is_something_to_learn()
    {
        using var model = Small("absorb");
        var process = new ScoreEntropyProcess(model.Diffusion);
        var pairs = new EncodedPairs(16, 0, 2);
        for (int i = 0; i < 8; i++) pairs.AddSequence($"p{i}", [5, 5, 5, 5, 5, 5, 5, 5]);
        var batch = new PairBatch(pairs, [0, 1, 2, 3, 4, 5, 6, 7], 1);
        using var optimizer = optim.Adam(model.parameters(), 1e-2);
        double first = 0, last = 0;
        for (int step = 0; step < 250; step++)
        {
            using var scope = NewDisposeScope();
            var loss = process.Loss(model, process.Noise(batch, pairs, 1, step), 0)!;
            optimizer.zero_grad();
            loss.backward();
            optimizer.step();
            if (step < 30) first += loss.item<float>();
            if (step >= 220) last += loss.item<float>();
        }
        Assert.True(last < first / 3, $"{first / 30} to {last / 30}");
    }
}
