using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Data;
using DiffusionBatch.Diffusion.Models;
using DiffusionBatch.Diffusion.Processes;
using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Tests.Processes;

public sealed class BlockProcessTests
{
    const int Mask = 47, Rows = 3, Columns = 16;

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(8)]
    [InlineData(16)]
    public void Tokens_see_what_they_see_in_the_published_code(int blockLength)
    {
        using var golden = ProcessGolden.Tensors("bd3lm");
        bool[] expected = [.. golden.ReadIntegers($"mask_block{blockLength}").Select(m => m != 0)];
        Assert.Equal(expected, BlockAttention.TwoHalves([Columns], Columns, blockLength));
    }

    [Theory]
    [InlineData(4, 0.001, 1, "block4_0.001_1")]
    [InlineData(4, 0.3, 0.8, "block4_0.3_0.8")]
    [InlineData(1, 0.001, 1, "block1_0.001_1")]
    [InlineData(8, 0.001, 1, "block8_0.001_1")]
    [InlineData(16, 0.001, 1, "block16_0.001_1")]
    public void Times_noise_and_loss_of_given_draws_agree_with_the_published_code(int blockLength, double lo, double hi, string name)
    {
        using var checkpoint = ProcessGolden.Network();
        using var golden = ProcessGolden.Tensors("bd3lm");
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        float[] u = golden.ReadFloats($"{name}_uniform_block"), t = golden.ReadFloats($"{name}_t"),
            uniform = golden.ReadFloats($"{name}_uniform");
        double[] times = [.. u.Select((draw, j) => BlockNoise.Time(draw, j, u.Length, lo, hi))];
        for (int i = 0; i < t.Length; i++) Assert.Equal(t[i], times[i / blockLength], 1e-6);

        var (_, batch) = ProcessGolden.Clean(golden.ReadLongs("x_0"), Rows, prompt: 1);
        bool[] masked = [.. uniform.Select((x, i) => i % Columns > 0 && x <= times[i / blockLength])];
        var process = new BlockProcess(new ObjectiveSettings { BlockLength = blockLength }, Mask);
        var noised = process.Apply(batch, times, masked);
        Assert.Equal(golden.ReadLongs($"{name}_x_t"), noised.InputIds);

        float[] expected = golden.ReadFloats($"{name}_loss");
        // The published mean is over all positions, the kept first one too; a prompt's isn't counted here.
        double mean = ProcessGolden.Json("bd3lm").GetProperty("losses").GetProperty(name).GetProperty("nll_per_token")
            .GetDouble() * Columns / (Columns - 1);
        Assert.Equal(expected.Sum(x => (double)x) / (Rows * (Columns - 1)), mean, 1e-4);
        Assert.Equal(1, process.Loss(checkpoint.Model, noised, 0)!.item<float>() / mean, 1e-4);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_pass_over_both_halves_predicts_what_a_pass_over_finished_blocks_and_this_one_does(bool shift)
    {
        foreach (string architecture in new[] { "llama", "xlm-roberta", "gpt2" })
        {
            using var model = Golden.Small(architecture: architecture);
            model.eval();
            using var scope = NewDisposeScope();
            using var quiet = no_grad();
            var pairs = new EncodedPairs(32, 0, 2);
            pairs.Add("a", [5, 6, 7], [8, 9, 10, 11, 12, 13, 14]);
            var batch = new PairBatch(pairs, [0], 1); // 12 tokens, 3 blocks
            var process = new BlockProcess(new ObjectiveSettings { BlockLength = 4, Shift = shift }, 39);
            bool[] masked = [false, false, false, false, true, false, true, true, true, true, false, true];
            double one = process.Loss(model, process.Apply(batch, [1, 1, 1], masked), 0)!.item<float>(), sum = 0;
            for (int block = 1; block < 3; block++)
            {
                long[] ids = batch.Ids[..(4 * block + 4)];
                for (int i = 4 * block; i < ids.Length; i++)
                    if (masked[i]) ids[i] = 39;
                var seen = AttentionMasks.Of(AttentionKind.Causal, ids, [ids.Length], [4], blockLength: 4);
                var logits = model.Logits(model.Hidden(tensor(ids, [1, ids.Length]), seen).view(ids.Length, -1));
                logits.narrow(1, 39, 1).fill_(float.NegativeInfinity);
                for (int i = 4 * block; i < ids.Length; i++)
                    if (masked[i]) sum -= logits[shift ? i - 1 : i].log_softmax(0)[batch.Ids[i]].item<float>();
            }
            Assert.Equal(sum / 8, one, 1e-5);
        }
    }

    static EncodedPairs SomePairs()
    {
        var pairs = new EncodedPairs(32, bos: 0, eos: 2);
        for (int i = 0; i < 6; i++) pairs.Add($"pair {i}", [10, 11 + i], [.. Enumerable.Range(4, 5 + i)]);
        return pairs;
    }

    [Fact]
    public void Noise_belongs_to_the_sample_stays_within_its_interval_and_leaves_prompts_alone()
    {
        var pairs = SomePairs();
        var process = new BlockProcess(new ObjectiveSettings { BlockLength = 4, MinTime = 0.4, MaxTime = 0.6 }, 39);
        var batch = new PairBatch(pairs, [5, 2], 1);
        int masked = 0, all = 0;
        for (int epoch = 0; epoch < 400; epoch++)
        {
            var noised = process.Noise(batch, pairs, 3, epoch);
            masked += noised.Masked.Length;
            all += batch.Lengths.Sum() - batch.PromptLengths.Sum();
            Assert.All(noised.Masked, i =>
                Assert.InRange(i % batch.Columns, batch.PromptLengths[i / batch.Columns], batch.Lengths[i / batch.Columns] - 1));
            Assert.All(noised.Weights.Zip(noised.SmoothingWeights),
                w => Assert.InRange(w.First / w.Second, 1 / 0.6 - 1e-5, 1 / 0.4 + 1e-5));
        }
        Assert.InRange((double)masked / all, 0.48, 0.52);
        var alone = process.Noise(new PairBatch(pairs, [2], 1), pairs, 3, 7);
        var together = process.Noise(batch, pairs, 3, 7);
        Assert.Equal(alone.InputIds, together.InputIds[together.Columns..(together.Columns + alone.Columns)]);
    }

    [Fact]
    public void Times_of_a_block_are_uniform_on_their_interval()
    {
        var counts = new int[4, 10];
        var times = new double[4];
        for (int i = 0; i < 20_000; i++)
        {
            BlockNoise.DrawTimes(Diffusion.Randomness.CounterRandom.For(2, $"{i}"), 0.2, 0.7, times);
            for (int j = 0; j < 4; j++) counts[j, (int)((times[j] - 0.2) / 0.5 * 10)]++;
        }
        foreach (int count in counts) Assert.InRange(count, 1820, 2180);
    }

    [Fact]
    public void The_bound_of_a_uniform_model_is_L_log_V_and_that_of_blocks_of_one_token_is_exact()
    {
        using var model = Golden.Small(architecture: "llama");
        model.eval();
        var pairs = SomePairs();
        var batch = new PairBatch(pairs, [1, 4], 1);
        var single = new BlockProcess(new ObjectiveSettings { BlockLength = 1 }, 39);
        var (once, tokens) = single.NegativeLogLikelihoodBound(model, batch, pairs, 1, 0);
        Assert.Equal(once, single.NegativeLogLikelihoodBound(model, batch, pairs, 1, 1).Nats);
        Assert.Equal([7, 10], tokens); // a response's </s> counts
        using (no_grad())
            foreach (var parameter in model.Named.Values) parameter.zero_();
        foreach (int blockLength in new[] { 1, 4, 32 })
        {
            var (nats, _) = new BlockProcess(new ObjectiveSettings { BlockLength = blockLength }, 39).NegativeLogLikelihoodBound(model,
                batch, pairs, 1, 0);
            for (int b = 0; b < 2; b++) Assert.Equal(tokens[b] * Math.Log(39), nats[b], 1e-5);
        }
    }

    [Fact]
    public void The_bound_s_estimates_average_to_the_mean_over_all_subsets()
    {
        using var model = Golden.Small(architecture: "llama");
        model.eval();
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        var pairs = new EncodedPairs(32, 0, 2);
        pairs.Add("a", [5, 6, 7], [8, 9]); // one whole block behind the prompt's, the last one short
        var batch = new PairBatch(pairs, [0], 1);
        var process = new BlockProcess(new ObjectiveSettings { BlockLength = 4 }, 39);
        double exact = 0;
        for (int k = 1; k <= 3; k++)
        {
            var subsets = Enumerable.Range(1, 7).Where(s => System.Numerics.BitOperations.PopCount((uint)s) == k).ToList();
            foreach (int s in subsets)
            {
                bool[] masked = [false, false, false, false, (s & 1) > 0, (s & 2) > 0, (s & 4) > 0];
                exact += process.Loss(model, process.Apply(batch, [1, k / 3.0], masked), 0)!.item<float>() * 3 / subsets.Count / 3;
            }
        }
        double mean = Enumerable.Range(0, 600).Average(draw => process.NegativeLogLikelihoodBound(model, batch, pairs, 5, draw).Nats[0]);
        Assert.Equal(1, mean / exact, 0.02);
    }
}
