using DiffusionBatch.Pipeline.Results;

namespace DiffusionBatch.Pipeline.Tests.Results;

public sealed class LatencyHistogramTests
{
    [Fact]
    public void Quantiles_are_within_a_percent_and_parts_add_up()
    {
        var random = new Random(1);
        double[] times = [.. Enumerable.Range(0, 5_000).Select(_ => Math.Exp(6 * random.NextDouble() - 5))];
        var whole = new LatencyHistogram();
        var sum = new LatencyHistogram();
        foreach (double[] part in times.Chunk(700))
        {
            var histogram = new LatencyHistogram();
            foreach (double t in part) histogram.Add(t);
            foreach (double t in part) whole.Add(t);
            sum.Add(histogram.Counts);
        }
        Array.Sort(times);
        foreach (double share in (double[])[0, 0.5, 0.95, 1])
        {
            double exact = times[Math.Clamp((int)Math.Ceiling(share * times.Length) - 1, 0, times.Length - 1)];
            Assert.InRange(whole.Quantile(share)!.Value, 0.99 * exact, 1.01 * exact);
            Assert.Equal(whole.Quantile(share), sum.Quantile(share));
        }
    }

    [Fact]
    public void Nothing_has_no_quantile_and_zero_is_short()
    {
        var histogram = new LatencyHistogram();
        Assert.Null(histogram.Quantile(0.5));
        histogram.Add(0);
        Assert.InRange(histogram.Quantile(0.5)!.Value, 0, 1.1e-6);
    }
}
