using DiffusionBatch.Diffusion.Randomness;

namespace DiffusionBatch.Diffusion.Tests.Randomness;

public class CounterRandomTests
{
    [Fact]
    public void The_numbers_of_a_coordinate_never_change()
    {
        // Recorded once: another release that draws others would break the resumption of stored jobs.
        var draws = CounterRandom.For(1, "item-7").At(2).At(3);
        Assert.Equal(RecordedBits, draws.Bits(4));
        Assert.Equal((RecordedBits >> 11) * Math.Pow(2, -53), draws.Uniform(4));
    }

    const ulong RecordedBits = 20546943040402507;

    [Fact]
    public void Each_coordinate_changes_the_draw()
    {
        var seen = new HashSet<ulong>();
        int n = 0;
        foreach (long seed in new[] { 0L, 1, -1 })
            foreach (string id in new[] { "", "a", "b", "ab", "ba", "ä" })
                for (int candidate = 0; candidate < 4; candidate++)
                    for (int step = 0; step < 8; step++)
                        for (int position = 0; position < 16; position++, n++)
                            seen.Add(CounterRandom.For(seed, id).At(candidate).At(step).Bits(position));
        Assert.Equal(n, seen.Count);
    }

    [Theory]
    [InlineData("position")]
    [InlineData("step")]
    [InlineData("id")]
    [InlineData("seed")]
    public void Uniform_draws_along_any_coordinate_pass_chi_square(string coordinate)
    {
        const int n = 64_000, bins = 64;
        var counts = new int[bins];
        double previous = 0.5, product = 0;
        for (int i = 0; i < n; i++)
        {
            double u = coordinate switch
            {
                "position" => CounterRandom.For(5, "x").At(0).At(1).Uniform(i),
                "step" => CounterRandom.For(5, "x").At(0).At(i).Uniform(1),
                "id" => CounterRandom.For(5, "item-" + i).At(0).At(1).Uniform(1),
                _ => CounterRandom.For(i, "x").At(0).At(1).Uniform(1),
            };
            Assert.InRange(u, 0, 1 - Math.Pow(2, -53));
            counts[(int)(u * bins)]++;
            product += (u - 0.5) * (previous - 0.5);
            previous = u;
        }
        double expected = n / (double)bins, chi = counts.Sum(c => (c - expected) * (c - expected) / expected);
        Assert.InRange(chi, 30, 115); // 63 degrees of freedom: both tails together about 1e-4
        Assert.InRange(Math.Abs(product / n * 12), 0, 0.02); // neighbours uncorrelated: sd 1/sqrt(n) = 0.004
    }

    [Fact]
    public void Gumbel_has_its_mean_and_variance()
    {
        const int n = 200_000;
        var draws = CounterRandom.For(9, "gumbel");
        double sum = 0, squares = 0;
        for (int i = 0; i < n; i++)
        {
            double g = draws.Gumbel(i);
            Assert.True(double.IsFinite(g));
            sum += g;
            squares += g * g;
        }
        double mean = sum / n;
        Assert.Equal(0.5772156649, mean, 0.02);
        Assert.Equal(Math.PI * Math.PI / 6, squares / n - mean * mean, 0.05);
    }

    [Fact]
    public void Integers_cover_their_range_evenly()
    {
        var draws = CounterRandom.For(3, "integers");
        var counts = new int[50];
        for (int i = 0; i < 100_000; i++) counts[draws.Integer(i, 50)]++;
        Assert.All(counts, c => Assert.InRange(c, 1800, 2200));
        Assert.Throws<ArgumentOutOfRangeException>(() => draws.Integer(0, 0));
    }

    [Fact]
    public void Drawing_allocates_nothing()
    {
        double sum = CounterRandom.For(1, "warm").At(0).Gumbel(0);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++) sum += CounterRandom.For(1, "id").At(i).At(2).Gumbel(3) + CounterRandom.For(1, "id").Uniform(i);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.True(double.IsFinite(sum));
    }
}
