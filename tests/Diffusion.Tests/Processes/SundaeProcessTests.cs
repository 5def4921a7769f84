using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Data;
using DiffusionBatch.Diffusion.Models;
using DiffusionBatch.Diffusion.Processes;
using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Tests.Processes;

public sealed class SundaeProcessTests
{
    [Theory]
    [InlineData(1, 0, "unroll1")]
    [InlineData(2, 0, "unroll2")]
    [InlineData(3, 0, "unroll3")]
    [InlineData(2, 4, "prefix4_unroll2_mine")]
    public void The_loss_of_given_draws_agrees_with_the_published_code(int unroll, int prompt, string name)
    {
        using var checkpoint = ProcessGolden.Network();
        using var golden = ProcessGolden.Tensors("sundae");
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        string tensors = prompt > 0 ? "prefix" : name;
        var (_, batch) = ProcessGolden.Clean(golden.ReadLongs("x_0"), rows: 4, prompt);
        double[] uniforms = [.. Enumerable.Range(1, unroll - 1)
            .SelectMany(k => golden.ReadFloats(prompt > 0 ? "prefix_uniform" : $"{name}_uniform{k}").Where((_, i) => i % 10 >= prompt))
            .Select(u => (double)u)];
        var process = new SundaeProcess(new ObjectiveSettings { Unroll = unroll }, maskToken: -1, vocabularySize: 48);
        long[] inputs = golden.ReadLongs($"{tensors}_input1");
        var noised = process.Apply(batch, [.. inputs], uniforms);
        double expected = ProcessGolden.Json("sundae").GetProperty("losses").GetProperty(name).GetProperty("loss").GetDouble();
        Assert.Equal(1, process.Loss(checkpoint.Model, noised, 0)!.item<float>() / expected, 1e-5);
    }

    [Theory]
    [InlineData("unroll3", 1)]
    [InlineData("unroll3", 2)]
    [InlineData("unroll2", 1)]
    public void Tokens_are_drawn_by_inversion(string name, int step)
    {
        using var golden = ProcessGolden.Tensors("sundae");
        using var scope = NewDisposeScope();
        var logits = tensor(golden.ReadFloats($"{name}_logits{step}"), [40, 48]);
        double[] uniforms = [.. golden.ReadFloats($"{name}_uniform{step}").Select(u => (double)u)];
        Assert.Equal(golden.ReadLongs($"{name}_input{step + 1}"), SundaeProcess.Draw(logits, uniforms));
    }

    [Fact]
    public void Prompts_and_padding_stay_and_all_of_a_response_counts()
    {
        var pairs = new EncodedPairs(32, bos: 0, eos: 2);
        for (int i = 0; i < 3; i++) pairs.Add($"pair {i}", [10, 11 + i], [.. Enumerable.Range(4, 3 + 2 * i)]);
        var batch = new PairBatch(pairs, [0, 1, 2], pad: 1);
        var process = new SundaeProcess(new ObjectiveSettings(), maskToken: 39, vocabularySize: 40);
        int changed = 0, all = 0;
        for (int epoch = 0; epoch < 300; epoch++)
        {
            var noised = process.Noise(batch, pairs, seed: 1, epoch);
            Assert.Equal(Enumerable.Range(0, 3)
                .SelectMany(b => Enumerable.Range(batch.PromptLengths[b], batch.Lengths[b] - batch.PromptLengths[b])
                    .Select(i => (long)b * batch.Columns + i)), noised.Masked);
            Assert.Equal(noised.Masked.Length, noised.Uniforms.Length);
            Assert.DoesNotContain(39, noised.InputIds);
            for (int i = 0; i < noised.InputIds.Length; i++)
                if (!noised.Masked.Contains(i)) Assert.Equal(batch.Ids[i], noised.InputIds[i]);
            changed += noised.Masked.Count(i => noised.InputIds[i] != batch.Ids[i]);
            all += noised.Masked.Length;
        }
        Assert.InRange((double)changed / all, 0.43, 0.54); // the rate is uniform; 1 in 39 draws is the token itself
        var alone = process.Noise(new PairBatch(pairs, [1], 1), pairs, 3, 5);
        var together = process.Noise(new PairBatch(pairs, [2, 1], 1), pairs, 3, 5);
        Assert.Equal(alone.InputIds, together.InputIds[together.Columns..(together.Columns + alone.Columns)]);
    }

    [Fact]
    public void Gradients_come_from_every_step_but_not_through_the_draws()
    {
        using var model = Golden.Small(architecture: "llama");
        var pairs = new EncodedPairs(8, 0, 2);
        pairs.Add("a", [5, 6], [7, 8, 9]);
        using var scope = NewDisposeScope();
        var process = new SundaeProcess(new ObjectiveSettings { Shift = true, Attention = AttentionKind.Prefix }, 39, 40);
        var loss = process.Loss(model, process.Noise(new PairBatch(pairs, [0], 1), pairs, 3, 0), 0.1)!;
        loss.backward();
        Assert.All(model.Named.Values, p => Assert.True(p.grad is not null && p.grad.isfinite().all().item<bool>()));
    }
}
