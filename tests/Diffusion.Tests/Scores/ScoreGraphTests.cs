using DiffusionBatch.Diffusion.Models;
using DiffusionBatch.Diffusion.SafeTensors;
using DiffusionBatch.Diffusion.Scores;
using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Tests.Scores;

/// <summary>SEDD's graphs against the published code's numbers, and against the exact ratios of a small law.</summary>
public sealed class ScoreGraphTests
{
    public static TheoryData<string> Graphs => ["absorb", "uniform"];

    static ScoreGraph Graph(string name, int dimension) => name == "absorb" ? new AbsorbGraph(dimension) : new UniformGraph(dimension);

    [Theory, MemberData(nameof(Graphs))]
    public void Schedules_are_the_published_ones(string graph)
    {
        var (checkpoint, expected) = Golden.Sedd(graph);
        using (checkpoint)
        using (expected)
        {
            var noise = ((Sedd)checkpoint.Model).Diffusion.Noise;
            float[] t = expected.ReadFloats("t"), sigma = expected.ReadFloats("sigma"), rate = expected.ReadFloats("dsigma"),
                step = expected.ReadFloats("tweedie_dsigma");
            for (int i = 0; i < t.Length; i++)
            {
                Assert.Equal(1, noise.Sigma(t[i]) / sigma[i], 1e-5);
                Assert.Equal(1, noise.Rate(t[i]) / rate[i], 1e-5);
                Assert.Equal(step[i], noise.Sigma(t[i]) - noise.Sigma(Math.Max(0, t[i] - 0.1)), 1e-5 * Math.Max(1, step[i]));
            }
        }
    }

    [Theory, MemberData(nameof(Graphs))]
    public void Score_entropies_are_the_published_ones(string graph)
    {
        var (checkpoint, expected) = Golden.Sedd(graph);
        using (checkpoint)
        using (expected)
        using (NewDisposeScope())
        {
            var right = expected.ReadFloats("score_entropy");
            int v = checkpoint.Model.VocabularySize, n = right.Length / 3;
            float[] sigma = expected.ReadFloats("sigma");
            float[] found = Graph(graph, v)
                .ScoreEntropy(tensor(expected.ReadFloats("log_score"), [right.Length, v]),
                    [.. Enumerable.Range(0, right.Length).Select(i => (double)sigma[i / n])],
                expected.ReadLongs("x_t"), expected.ReadLongs("x_0")).data<float>().ToArray();
            for (int i = 0; i < right.Length; i++) Assert.Equal(right[i], found[i], 1e-4 * Math.Max(1, Math.Abs(right[i])));
        }
    }

    [Theory, MemberData(nameof(Graphs))]
    public void Euler_Tweedie_and_closing_probabilities_are_the_published_ones(string graph)
    {
        var (checkpoint, expected) = Golden.Sedd(graph);
        using (checkpoint)
        using (expected)
        {
            int v = checkpoint.Model.VocabularySize;
            var chain = Graph(graph, v);
            float[] logScores = expected.ReadFloats("log_score"), sigma = expected.ReadFloats("sigma"),
                rate = expected.ReadFloats("dsigma"), step = expected.ReadFloats("tweedie_dsigma");
            float[] euler = expected.ReadFloats("euler_probabilities"), tweedie = expected.ReadFloats("tweedie_probabilities"),
                closing = expected.ReadFloats("denoise_probabilities");
            long[] x = expected.ReadLongs("x_t");
            var p = new double[v];
            for (int i = 0; i < x.Length; i++)
            {
                int row = i / (x.Length / 3), kept = closing.Length / x.Length;
                double[] scores = [.. logScores[(i * v)..((i + 1) * v)].Select(s => Math.Exp(s))];
                chain.Euler(scores, (int)x[i], 0.1 * rate[row], p);
                Same(euler.AsSpan(i * v, v), p);
                chain.Tweedie(scores, (int)x[i], step[row], p);
                Same(tweedie.AsSpan(i * v, v), p);
                chain.Tweedie(scores, (int)x[i], sigma[row], p);
                Same(closing.AsSpan(i * kept, kept), p);
            }
        }

        // The references are float32, and scores that are no distribution's give entries of up to 1e5.
        static void Same(ReadOnlySpan<float> expected, double[] found)
        {
            double largest = 1;
            foreach (float value in expected) largest = Math.Max(largest, Math.Abs(value));
            for (int y = 0; y < expected.Length; y++) Assert.Equal(expected[y], found[y], 1e-5 * largest);
        }
    }

    [Theory, MemberData(nameof(Graphs))]
    public void Score_entropy_is_at_least_0_and_0_at_the_true_ratios(string graph)
    {
        const int v = 7;
        var chain = Graph(graph, v);
        using var scope = NewDisposeScope();
        using var draws = new Generator(3);
        foreach (double sigma in new[] { 1e-4, 0.05, 0.7, 3.5, 12 })
            for (int x_0 = 0; x_0 < v - 1; x_0++)
                for (int x_t = 0; x_t < v; x_t++)
                {
                    if (graph == "absorb" && x_t != v - 1 && x_t != x_0) continue; // not reached
                    double[] q = Reached(graph, x_0, sigma, v);
                    float[] truth = [.. q.Select((share, y) => (float)Math.Log(Math.Max(share, 1e-30) / q[x_t]))];
                    float Entropy(Tensor logScores) => chain.ScoreEntropy(logScores, [sigma], [x_t], [x_0]).item<float>();
                    double scale = graph == "absorb" ? 1 / ScoreGraph.Expm1(sigma) : 1 / q.Min();
                    Assert.Equal(0, Entropy(tensor(truth, [1, v])), 2e-5 * Math.Max(1, scale));
                    Assert.InRange(Entropy(randn([1, v], generator: draws).mul(2)), -2e-5 * Math.Max(1, scale), double.PositiveInfinity);
                }
    }

    /// <summary>With the scores of a known law a Tweedie step is Bayes' rule, position by position.</summary>
    [Theory, MemberData(nameof(Graphs))]
    public void A_Tweedie_step_with_the_true_scores_is_the_reverse_kernel(string graph)
    {
        const int v = 6;
        double[] law = [0.4, 0.25, 0.2, 0.1, 0.05, 0];
        if (graph == "uniform") law = [0.3, 0.25, 0.2, 0.1, 0.05, 0.1];
        var chain = Graph(graph, v);
        foreach (var (sigma, before) in new[] { (2.0, 1.2), (0.5, 0.45), (0.02, 0.0) })
            for (int x_t = 0; x_t < v; x_t++)
            {
                double[] now = Mixed(sigma), earlier = Mixed(before);
                if (now[x_t] <= 0) continue;
                double[] scores = [.. now.Select(share => share / now[x_t])], p = new double[v];
                chain.Tweedie(scores, x_t, sigma - before, p);
                for (int y = 0; y < v; y++) Assert.Equal(earlier[y] * Reached(graph, y, sigma - before, v)[x_t] / now[x_t], p[y], 1e-12);
            }

        double[] Mixed(double sigma)
        {
            var mixed = new double[v];
            for (int x = 0; x < v; x++)
                for (int y = 0; y < v; y++) mixed[y] += law[x] * Reached(graph, x, sigma, v)[y];
            return mixed;
        }
    }

    /// <summary>q_sigma(y | x).</summary>
    static double[] Reached(string graph, int x, double sigma, int v)
    {
        double stays = Math.Exp(-sigma);
        var q = new double[v];
        if (graph == "absorb") q[v - 1] = 1 - stays;
        else Array.Fill(q, (1 - stays) / v);
        q[x] += stays;
        return q;
    }
}
