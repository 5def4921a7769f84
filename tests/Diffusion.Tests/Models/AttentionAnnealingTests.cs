using DiffusionBatch.Diffusion.Models;
using DiffusionBatch.Diffusion.Randomness;

namespace DiffusionBatch.Diffusion.Tests.Models;

public sealed class AttentionAnnealingTests
{
    static readonly CounterRandom Draws = CounterRandom.For(5, "test");

    [Theory]
    [InlineData(0.25)]
    [InlineData(0.75)]
    public void What_lies_ahead_opens_with_the_share_and_what_lies_behind_is_always_open(double share)
    {
        const int n = 100;
        bool[] mask = new bool[2 * n * n];
        Array.Fill(mask, true);
        mask[n - 1] = false; // query 0, key n - 1
        new AttentionAnnealing(share, Draws).Apply(mask, n);
        Assert.False(mask[n - 1]);
        int ahead = 0, open = 0;
        for (int q = 0; q < n; q++)
            for (int k = 0; k < n; k++)
            {
                if (q > 0) Assert.Equal(mask[q * n + k], mask[n * n + q * n + k]); // one draw for all rows of the batch
                if (k <= q) Assert.True(mask[q * n + k]);
                else
                {
                    ahead++;
                    if (mask[q * n + k]) open++;
                }
            }
        Assert.Equal(share, (double)open / ahead, 0.03);
    }

    [Fact]
    public void The_share_grows_with_the_steps_and_then_the_way_is_done()
    {
        Assert.Equal([0.25, 0.5, 0.75], Enumerable.Range(0, 3).Select(s => AttentionAnnealing.At(s, 4, Draws)!.Share));
        Assert.Null(AttentionAnnealing.At(3, 4, Draws));
        Assert.Null(AttentionAnnealing.At(0, 0, Draws));
    }
}
