using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Data;
using DiffusionBatch.Diffusion.Models;
using DiffusionBatch.Diffusion.Processes;
using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Tests.Processes;

public sealed class AbsorbingProcessTests
{
    const int Mask = 119;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void The_loss_of_given_noise_agrees_with_the_reference(int draw)
    {
        using var checkpoint = Golden.Load();
        using var golden = Golden.Tensors("loss.safetensors");
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        var process = new AbsorbingProcess(new ObjectiveSettings(), checkpoint.Specials.Mask);
        var noised = process.Apply(Clean(golden), Array.ConvertAll(golden.ReadLongs($"t_{draw}"), t => (int)t),
            golden.ReadBooleans($"masked_{draw}"));
        Assert.Equal(golden.ReadLongs($"x_t_{draw}"), noised.InputIds);
        var expected = Golden.Json("loss.json")["draws"]![draw]!;
        Assert.Equal(1, process.Loss(checkpoint.Model, noised, 0)!.item<float>() / (double)expected["loss"]!, 1e-5);
        Assert.Equal(1, process.Loss(checkpoint.Model, noised, 0.1)!.item<float>() / (double)expected["loss_label_smoothing_0.1"]!, 1e-5);
    }

    /// <summary>The golden x_0 as packed pairs.</summary>
    static PairBatch Clean(Diffusion.SafeTensors.SafeTensorsReader golden)
    {
        long[] x_0 = golden.ReadLongs("x0");
        bool[] prompt = golden.ReadBooleans("prompt_mask");
        var pairs = new EncodedPairs(20, bos: 0, eos: 2);
        for (int b = 0; b < 3; b++)
        {
            int[] row = x_0[(b * 20)..((b + 1) * 20)].Where(id => id != 1).Select(id => (int)id).ToArray();
            int promptLength = prompt[(b * 20)..((b + 1) * 20)].Count(p => p);
            Assert.Equal((0, 2), (row[0], row[^1]));
            pairs.Add($"{b}", row.AsSpan(1, promptLength - 1), row.AsSpan(promptLength, row.Length - promptLength - 1));
        }
        var batch = new PairBatch(pairs, [0, 1, 2], pad: 1);
        Assert.Equal(x_0, batch.Ids);
        return batch;
    }

    static EncodedPairs SomePairs()
    {
        var pairs = new EncodedPairs(32, bos: 0, eos: 2);
        for (int i = 0; i < 6; i++) pairs.Add($"pair {i}", [10, 11 + i], [.. Enumerable.Range(4, 3 + i)]);
        return pairs;
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Noise_belongs_to_the_sample_whatever_its_batch(bool coupled)
    {
        var pairs = SomePairs();
        var process = new AbsorbingProcess(new ObjectiveSettings { Coupled = coupled }, Mask);
        var together = process.Noise(new PairBatch(pairs, [5, 2, 0], 1), pairs, seed: 3, epoch: 4);
        var alone = process.Noise(new PairBatch(pairs, [2], 1), pairs, seed: 3, epoch: 4);
        int copies = coupled ? 2 : 1;
        Assert.Equal((3 * copies, copies), (together.Rows, alone.Rows));
        for (int c = 0; c < copies; c++)
            Assert.Equal(Row(alone, c), Row(together, c * 3 + 1)[..alone.Columns]);
        Assert.NotEqual(
            Enumerable.Range(0, 8).SelectMany(e => process.Noise(new PairBatch(pairs, [2], 1), pairs, 3, e).InputIds),
            Enumerable.Range(8, 8).SelectMany(e => process.Noise(new PairBatch(pairs, [2], 1), pairs, 3, e).InputIds));

        static long[] Row(NoisedBatch batch, int row) => batch.InputIds[(row * batch.Columns)..((row + 1) * batch.Columns)];
    }

    [Fact]
    public void Prompts_and_padding_stay_and_the_closing_token_is_masked_too()
    {
        var pairs = SomePairs();
        var process = new AbsorbingProcess(new ObjectiveSettings(), Mask);
        var batch = new PairBatch(pairs, [0, 5], 1);
        bool closing = false;
        for (int epoch = 0; epoch < 40; epoch++)
        {
            var noised = process.Noise(batch, pairs, seed: 1, epoch);
            for (int i = 0; i < noised.InputIds.Length; i++)
            {
                int row = i / batch.Columns % 2, column = i % batch.Columns;
                bool masked = noised.InputIds[i] == Mask;
                if (!masked) Assert.Equal(batch.Ids[row * batch.Columns + column], noised.InputIds[i]);
                else Assert.InRange(column, batch.PromptLengths[row], batch.Lengths[row] - 1);
                closing |= masked && column == batch.Lengths[row] - 1;
                Assert.Equal(masked, noised.Masked.Contains(i));
            }
        }
        Assert.True(closing);
    }

    [Fact]
    public void The_loss_of_a_batch_is_the_mean_over_its_sequences()
    {
        using var model = Golden.Small(vocabulary: 120);
        model.eval();
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        var pairs = SomePairs();
        foreach (var attention in Enum.GetValues<AttentionKind>())
        {
            var process = new AbsorbingProcess(new ObjectiveSettings { Attention = attention, Weighting = LossWeighting.Reciprocal }, Mask,
                newline: 5);
            double Of(params int[] indices) =>
                process.Loss(model, process.Noise(new PairBatch(pairs, indices, 1), pairs, 1, 0), 0.1)?.item<float>() ?? 0;
            Assert.Equal((Of(0) + Of(3) + Of(5)) / 3, Of(0, 3, 5), 1e-3);
        }
    }

    [Fact]
    public void A_batch_without_masks_has_no_loss()
    {
        using var model = Golden.Small();
        var pairs = SomePairs();
        var process = new AbsorbingProcess(new ObjectiveSettings(), Mask);
        var batch = new PairBatch(pairs, [0], 1);
        Assert.Null(process.Loss(model, process.Apply(batch, [3, 2], new bool[2 * batch.Columns]), 0));
    }
}
