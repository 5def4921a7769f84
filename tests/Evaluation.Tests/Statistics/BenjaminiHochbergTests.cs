using DiffusionBatch.Evaluation.Statistics;

namespace DiffusionBatch.Evaluation.Tests.Statistics;

public sealed class BenjaminiHochbergTests
{
    [Fact]
    public void Corrects_as_the_procedure_says()
    {
        // By hand: ranks 1 to 5 of 0.01, 0.02, 0.03, 0.04, 0.9.
        Assert.Equal([0.05, 0.9, 0.05, 0.05, 0.05],
            BenjaminiHochberg.Correct([0.04, 0.9, 0.01, 0.03, 0.02]).Select(p => Math.Round(p, 12)));
        Assert.Equal([0.003, 0.5], BenjaminiHochberg.Correct([0.0015, 0.5]).Select(p => Math.Round(p, 12)));
        Assert.Equal([0.2], BenjaminiHochberg.Correct([0.2]));
        Assert.Empty(BenjaminiHochberg.Correct([]));
    }

    [Fact]
    public void Keeps_the_order_and_never_lowers()
    {
        var random = new Random(1);
        for (int round = 0; round < 50; round++)
        {
            double[] p = [.. Enumerable.Range(0, random.Next(1, 30)).Select(_ => Math.Pow(random.NextDouble(), 3))];
            double[] corrected = BenjaminiHochberg.Correct(p);
            for (int i = 0; i < p.Length; i++)
            {
                Assert.InRange(corrected[i], p[i], 1);
                for (int j = 0; j < p.Length; j++) Assert.False(p[i] < p[j] && corrected[i] > corrected[j]);
            }
        }
    }
}
