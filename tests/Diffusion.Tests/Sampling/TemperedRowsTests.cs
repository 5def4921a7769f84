using DiffusionBatch.Diffusion.Randomness;
using DiffusionBatch.Diffusion.Sampling.Passes;
using DiffusionBatch.Diffusion.Sampling.Steps;

namespace DiffusionBatch.Diffusion.Tests.Sampling;

public class TemperedRowsTests
{
    static CanvasRows Rows(params float[] logits)
    {
        var rows = new CanvasRows(1) { Logits = logits };
        (rows.Tokens[0], rows.Scores[0], rows.LogNormalizers[0]) = FakeDenoiser.Summarize(logits);
        return rows;
    }

    [Theory]
    [InlineData(1.0)]
    [InlineData(0.5)]
    [InlineData(3.0)]
    public void Frequencies_match_the_tempered_softmax(double temperature)
    {
        float[] logits = [0.1f, -1, 2, 0.5f, float.NegativeInfinity, 1.5f];
        var rows = new TemperedRows();
        rows.Bind(Rows(logits), temperature);
        const int n = 60_000;
        var counts = new int[logits.Length];
        for (int i = 0; i < n; i++) counts[rows.Draw(0, CounterRandom.For(3, "t").At(i).Uniform(0)).Token]++;
        Assert.Equal(0, counts[4]); // M is never drawn
        var weights = logits.Select(l => Math.Exp(l / temperature)).ToArray();
        double chi = 0;
        for (int v = 0; v < logits.Length; v++)
            if (weights[v] > 0) chi += Math.Pow(counts[v] - n * weights[v] / weights.Sum(), 2) / (n * weights[v] / weights.Sum());
        Assert.InRange(chi, 0, 23.5); // 4 degrees of freedom: exceeded once in 10,000
    }

    [Theory]
    [InlineData(2, 1.0, new[] { 1, 4 })]
    [InlineData(3, 1.0, new[] { 0, 1, 4 })] // of the equal ones 0 and 3 the earlier
    [InlineData(0, 0.5, new[] { 1 })]
    [InlineData(0, 0.6, new[] { 1, 4 })]
    [InlineData(0, 0.95, new[] { 0, 1, 3, 4 })]
    [InlineData(2, 0.99, new[] { 1, 4 })]
    [InlineData(2, 0.6, new[] { 1 })] // 0.5 of the 0.75 that are left
    [InlineData(9, 1.0, new[] { 0, 1, 2, 3, 4 })]
    public void Top_k_and_top_p_leave_the_likeliest(int topK, double topP, int[] expected)
    {
        float[] logits = [.. new[] { 0.1, 0.5, 0.05, 0.1, 0.25 }.Select(p => (float)Math.Log(p))];
        var rows = new TemperedRows();
        rows.Bind(Rows(logits), 1, topK, topP);
        var counts = new int[5];
        for (int i = 0; i < 20_000; i++) counts[rows.Draw(0, CounterRandom.For(3, "k").At(i).Uniform(0)).Token]++;
        Assert.Equal(expected, Enumerable.Range(0, 5).Where(v => counts[v] > 0));
        double left = expected.Sum(v => Math.Exp(logits[v]));
        Assert.All(expected, v => Assert.Equal(Math.Exp(logits[v]) / left, counts[v] / 20_000.0, 0.02));
        var (token, score) = rows.Draw(0, 0.3);
        Assert.Equal(logits[token], score, 1e-5); // the model's own, without limits
    }

    [Theory]
    [InlineData(0.5, new[] { 1 })]
    [InlineData(0.7, new[] { 1 })] // with the second it would be 0.75
    [InlineData(0.76, new[] { 1, 4 })]
    [InlineData(0.1, new[] { 1 })] // the likeliest always
    [InlineData(0.86, new[] { 0, 1, 4 })]
    public void A_nucleus_may_stay_within_its_share(double topP, int[] expected)
    {
        float[] logits = [.. new[] { 0.1, 0.5, 0.05, 0.1, 0.25 }.Select(p => (float)Math.Log(p))];
        var rows = new TemperedRows();
        rows.Bind(Rows(logits), 1, 0, topP, staysWithin: true);
        Assert.Equal(expected, Enumerable.Range(0, 2_000).Select(i => rows.Draw(0, i / 2_000.0).Token).Distinct().Order());
    }

    [Fact]
    public void The_score_is_the_untempered_log_probability()
    {
        var rows = new TemperedRows();
        rows.Bind(Rows(0, MathF.Log(3)), 0.25);
        Assert.Equal((0, Math.Log(0.25)), (rows.Draw(0, 0).Token, (double)rows.Draw(0, 0).Score), Close);
        Assert.Equal((1, Math.Log(0.75)), (rows.Draw(0, 0.5).Token, (double)rows.Draw(0, 0.5).Score), Close);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.5)]
    [InlineData(0.9999999999999999)]
    public void A_token_without_weight_is_not_drawn_at_any_quantile(double u)
    {
        float no = float.NegativeInfinity;
        var rows = new TemperedRows();
        rows.Bind(Rows(no, 1, no, 1, no), 0.9);
        Assert.Contains(rows.Draw(0, u).Token, new[] { 1, 3 });
        rows.Bind(Rows(0, -2000, no), 0.01); // the second's weight underflows to 0
        Assert.Equal(0, rows.Draw(0, u).Token);
    }

    [Fact]
    public void A_low_temperature_is_the_argmax()
    {
        var rows = new TemperedRows();
        rows.Bind(Rows(1, 2, 5, 3), 1e-3);
        for (int i = 0; i < 1000; i++) Assert.Equal(2, rows.Draw(0, CounterRandom.For(1, "x").Uniform(i)).Token);
    }

    static bool Close((int Token, double Score) a, (int Token, double Score) b) => a.Token == b.Token && Math.Abs(a.Score - b.Score) < 1e-6;
}
