using DiffusionBatch.Diffusion.Data;

namespace DiffusionBatch.Diffusion.Tests.Data;

public sealed class TokenBudgetBatchesTests
{
    static readonly int[] Lengths = [.. Enumerable.Range(0, 257).Select(i => 3 + i * i % 41)];

    [Theory]
    [InlineData(43)]
    [InlineData(200)]
    [InlineData(1_000_000)]
    public void Each_sequence_occurs_once_an_epoch_within_the_budget(int budget)
    {
        var batches = new TokenBudgetBatches(Lengths, budget, seed: 5);
        for (long epoch = 0; epoch < 3; epoch++)
        {
            var seen = new List<int>();
            for (long n = epoch * batches.PerEpoch; n < (epoch + 1) * batches.PerEpoch; n++)
            {
                Assert.Equal(epoch, batches.Epoch(n));
                int[] batch = batches.Batch(n).ToArray();
                Assert.True(batch.Length * batch.Max(i => Lengths[i]) <= budget);
                seen.AddRange(batch);
            }
            Assert.Equal(Enumerable.Range(0, Lengths.Length), seen.Order());
        }
    }

    [Fact]
    public void Batches_are_full_of_like_lengths()
    {
        var batches = new TokenBudgetBatches(Lengths, 400, seed: 5);
        long padded = 0;
        for (int n = 0; n < batches.PerEpoch; n++)
        {
            var batch = batches.Batch(n).ToArray();
            padded += batch.Length * batch.Max(i => Lengths[i]);
        }
        Assert.True(padded < 1.1 * Lengths.Sum());
        Assert.True(batches.PerEpoch < 1.4 * Lengths.Sum() / 400);
    }

    [Fact]
    public void Any_batch_can_be_had_from_its_number_alone()
    {
        var inOrder = new TokenBudgetBatches(Lengths, 300, seed: 9);
        var all = Enumerable.Range(0, 3 * inOrder.PerEpoch).Select(n => inOrder.Batch(n).ToArray()).ToList();
        for (int n = all.Count - 1; n >= 0; n -= 3)
            Assert.Equal(all[n], new TokenBudgetBatches(Lengths, 300, seed: 9).Batch(n).ToArray());
        Assert.Equal(all[1], inOrder.Batch(1).ToArray());
    }

    [Fact]
    public void Epochs_and_seeds_have_orders_of_their_own()
    {
        var batches = new TokenBudgetBatches(Lengths, 300, seed: 9);
        int[] first = batches.Batch(0).ToArray(), second = batches.Batch(batches.PerEpoch).ToArray();
        Assert.NotEqual(first, second);
        Assert.NotEqual(first, new TokenBudgetBatches(Lengths, 300, seed: 10).Batch(0).ToArray());
    }

    [Fact]
    public void A_sequence_beyond_the_budget_makes_a_batch_and_an_empty_one_none()
    {
        var batches = new TokenBudgetBatches([5, 90, 0, 5], 10, seed: 1);
        var all = Enumerable.Range(0, batches.PerEpoch).Select(n => batches.Batch(n).ToArray().Order().ToArray()).OrderBy(b => b[0])
            .ToList();
        Assert.Equal([[0, 3], [1]], all);
        Assert.Throws<ArgumentException>(() => new TokenBudgetBatches([0], 10, seed: 1));
    }
}
