using DiffusionBatch.Contracts.Manifests;
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

    /// <summary>
    /// Two tokens that depend on each other, their true scores, and the law of what S steps and the closing one make of noise, without a
    /// draw. Both samplers come to the truth; with few steps Tweedie's is nearer (section 4.2 of Lou et al. 2024), but for geometric
    /// uniform noise, where drawing both tokens at once from right marginals costs more than Euler's lag.
    /// </summary>
    [Theory]
    [InlineData("absorb", NoiseKind.Geometric, 0.17, 0.36)]
    [InlineData("absorb", NoiseKind.Loglinear, 0.09, 0.09)]
    [InlineData("uniform", NoiseKind.Geometric, 0.19, 0.19)]
    [InlineData("uniform", NoiseKind.Loglinear, 0.12, 0.15)]
    public void With_true_scores_both_samplers_come_to_the_law_and_Tweedie_s_with_fewer_steps(string graph, NoiseKind kind, double tweedie,
        double euler)
    {
        Assert.Equal((tweedie, euler), (Math.Round(Apart(graph, kind, 4, isTweedie: true), 2),
            Math.Round(Apart(graph, kind, 4, isTweedie: false), 2)));
        foreach (int steps in (int[])[2, 4, 8, 16])
        {
            double apart = Apart(graph, kind, steps, isTweedie: true), of = Apart(graph, kind, steps, isTweedie: false);
            // Under loglinear absorbing noise the two are the same step.
            if (graph == "absorb" && kind == NoiseKind.Loglinear) Assert.Equal(of, apart, 1e-9);
            else if (tweedie < euler) Assert.True(apart < of, $"{steps} steps: {apart} and {of}");
        }
        foreach (bool isTweedie in (bool[])[true, false])
            Assert.InRange(Apart(graph, kind, 400, isTweedie) / Apart(graph, kind, 100, isTweedie), 0.2, 0.3); // as 1 / S
    }

    // The total variation between a law of two tokens and what steps from noise make, all states enumerated.
    static double Apart(string graph, NoiseKind kind, int steps, bool isTweedie)
    {
        const double eps = 1e-5;
        int tokens = 3, v = graph == "absorb" ? tokens + 1 : tokens;
        double[,] law = new double[v, v], now = new double[v, v];
        double[] rows = [0.5, 0.05, 0.02, 0.03, 0.2, 0.05, 0.05, 0.02, 0.08];
        for (int i = 0; i < rows.Length; i++) law[i / tokens, i % tokens] = rows[i];
        var (chain, noise) = (Graph(graph, v), NoiseSchedule.Of(kind));
        for (int a = 0; a < v; a++)
            for (int b = 0; b < v; b++) now[a, b] = graph == "absorb" ? (a == v - 1 && b == v - 1 ? 1 : 0) : 1.0 / (v * v);
        double dt = (1 - eps) / steps;
        for (int step = 0; step <= steps; step++)
        {
            double t = step == steps ? eps : 1 - step * dt, sigma = noise.Sigma(t);
            double[,] noised = Noised(law, graph, sigma, v), next = new double[v, v];
            for (int a = 0; a < v; a++)
                for (int b = 0; b < v; b++)
                {
                    if (now[a, b] <= 0) continue;
                    double[] first = Step([.. Enumerable.Range(0, v).Select(y => noised[y, b] / noised[a, b])], a),
                        second = Step([.. Enumerable.Range(0, v).Select(y => noised[a, y] / noised[a, b])], b);
                    for (int c = 0; c < v; c++)
                        for (int d = 0; d < v; d++) next[c, d] += now[a, b] * first[c] * second[d];
                }
            now = next;

            double[] Step(double[] scores, int current)
            {
                var p = new double[v];
                if (graph == "absorb" && current != v - 1) p[current] = 1;
                else if (step == steps) chain.Tweedie(scores, current, sigma, p);
                else if (isTweedie) chain.Tweedie(scores, current, sigma - noise.Sigma(t - dt), p);
                else chain.Euler(scores, current, dt * noise.Rate(t), p);
                if (graph == "absorb" && step == steps) p[v - 1] = 0;
                double sum = p.Sum(share => Math.Max(0, share));
                return Array.ConvertAll(p, share => Math.Max(0, share) / sum);
            }
        }
        double apart = 0;
        for (int a = 0; a < v; a++)
            for (int b = 0; b < v; b++) apart += Math.Abs(now[a, b] - law[a, b]) / 2;
        return apart;
    }

    // Each token of the law noised by itself.
    static double[,] Noised(double[,] law, string graph, double sigma, int v)
    {
        var noised = new double[v, v];
        double[][] kernel = [.. Enumerable.Range(0, v).Select(x => Reached(graph, x, sigma, v))];
        for (int a = 0; a < v; a++)
            for (int b = 0; b < v; b++)
                for (int c = 0; c < v; c++)
                    for (int d = 0; d < v; d++) noised[c, d] += law[a, b] * kernel[a][c] * kernel[b][d];
        return noised;
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
