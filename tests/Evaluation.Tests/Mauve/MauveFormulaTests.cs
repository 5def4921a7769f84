using DiffusionBatch.Evaluation.Mauve;
using DiffusionBatch.Evaluation.Metrics;

namespace DiffusionBatch.Evaluation.Tests.Mauve;

public sealed class MauveFormulaTests
{
    /// <summary>Vectors from a mixture of clouds; a shift moves all of them along one direction.</summary>
    static FeatureMatrix Sample(int n, int d, int seed, double shift = 0)
    {
        var random = new Random(seed);
        var centres = new Random(1);
        double[][] clouds = [.. Enumerable.Range(0, 6)
            .Select(_ => Enumerable.Range(0, d).Select(_ => 2 * centres.NextDouble() - 1).ToArray())];
        var values = new double[n * d];
        for (int i = 0; i < n; i++)
        {
            double[] cloud = clouds[random.Next(6)];
            for (int k = 0; k < d; k++) values[i * d + k] = cloud[k] + 0.5 * Normal(random) + (k % 2 == 0 ? shift : -shift);
        }
        return new FeatureMatrix(n, d, values);
    }

    static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    [Fact]
    public void Two_samples_of_one_law_score_high_and_shifted_ones_low()
    {
        var same = MauveFormula.Score(Sample(1_500, 12, 2), Sample(1_500, 12, 3), new MauveOptions(), new BootstrapOptions(1, 200));
        Assert.InRange(same.Mean, 0.95, 1);
        Assert.Equal(150, same.Buckets);
        Assert.Equal(5, same.BySeed.Count);
        Assert.Equal(same.Mean, same.BySeed.Average(), 1e-12);
        Assert.InRange(same.Spread!.Value, 1e-6, 0.03);
        Assert.InRange(same.Mean, same.Low!.Value, same.High!.Value);
        Assert.InRange(same.High.Value - same.Low.Value, 1e-4, 0.1);
        Assert.InRange(MauveFormula.Score(Sample(1_000, 12, 2), Sample(1_000, 12, 3, shift: 1.5), new MauveOptions()).Mean, 0, 0.1);
        Assert.InRange(MauveFormula.Score(Sample(500, 12, 2), Sample(500, 12, 3, shift: 0.25), new MauveOptions { Seeds = 2 }).Mean, 0.1,
            0.95);
    }

    [Fact]
    public void A_sample_against_itself_is_1_and_scores_repeat()
    {
        var sample = Sample(120, 40, 4);
        Assert.Equal(1, MauveFormula.Score(sample, sample, new MauveOptions()).Mean, 1e-12);
        MauveOptions options = new() { NumBuckets = 9, KmeansNumRedo = 2, Seeds = 3 };
        var once = MauveFormula.Score(sample, Sample(90, 40, 5), options, new BootstrapOptions(3, 50));
        var twice = MauveFormula.Score(sample, Sample(90, 40, 5), options, new BootstrapOptions(3, 50));
        Assert.Equal(once.BySeed, twice.BySeed);
        Assert.Equal((once.Low, once.High), (twice.Low, twice.High));
        Assert.NotEqual(once.BySeed, MauveFormula.Score(sample, Sample(90, 40, 5), options with { Seed = 1_000 }).BySeed);
    }

    [Fact]
    public void Clusters_far_apart_are_found_and_scored_by_the_formula()
    {
        int[] of = [.. Enumerable.Range(0, 300).Select(i => i < 100 ? 0 : i < 180 ? 1 : i % 2 == 0 ? 2 : 3)],
            other = [.. Enumerable.Range(0, 300).Select(i => i % 4)];
        double score = MauveFormula.Score(Clouds(of, 1), Clouds(other, 2), new MauveOptions { NumBuckets = 4 }).Mean;
        Assert.Equal(MauveFormula.OfLabels(of, other, 4), score, 1e-12);

        static FeatureMatrix Clouds(int[] labels, int seed)
        {
            var random = new Random(seed);
            return new FeatureMatrix(labels.Length, 8,
                [.. labels.SelectMany(l => Enumerable.Range(0, 8).Select(k => (k == 2 * l ? 10 : 0) + 0.05 * random.NextDouble()))]);
        }
    }

    [Fact]
    public void What_cannot_be_compared_says_why()
    {
        Assert.Contains("12 features, the references' 13",
            Assert.Throws<MetricException>(() => MauveFormula.Score(Sample(20, 12, 1), Sample(20, 13, 1), new MauveOptions())).Message,
            StringComparison.Ordinal);
        Assert.Contains("more than the 8 vectors",
            Assert.Throws<MetricException>(() =>
                MauveFormula.Score(Sample(4, 3, 1), Sample(4, 3, 2), new MauveOptions { NumBuckets = 9 })).Message,
                StringComparison.Ordinal);
    }
}
