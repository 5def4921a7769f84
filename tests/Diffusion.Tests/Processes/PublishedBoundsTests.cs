using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Processes;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Tests.Processes;

/// <summary>
/// Likelihood bounds, in continuous time and of numbered steps, against numbers that the published code computes from given draws.
/// </summary>
public sealed class PublishedBoundsTests
{
    const int Vocabulary = 48, Mask = 47, Rows = 3, Length = 10;

    static double CrossEntropy(ReadOnlySpan<float> logits, int token, params int[] never) =>
        -Math.Log(GoldenTensors.Softmax(logits, never)[token]);

    static void Near(double expected, double actual) => Assert.Equal(expected, actual, 1e-4 + 1e-4 * Math.Abs(expected));

    [Theory]
    [InlineData("udlm")]
    [InlineData("duo")]
    public void The_bound_of_uniform_noise_and_its_posteriors(string file)
    {
        using var golden = new GoldenTensors($"processes/{file}.safetensors");
        float[] raw = golden.Floats("logits"), t = golden.Floats("t"), expected = golden.Floats("loss_continuous");
        int[] x_0 = golden.Ids("x_0"), x_t = golden.Ids("x_t");
        double scale = file == "duo" ? 1 - AlphaSchedules.Eps : 1; // alpha = 1 - 0.999 t there
        var noise = MultinomialNoise.Uniform(AlphaSchedule.Linear, Vocabulary, []);
        using (NewDisposeScope())
        {
            var logits = tensor(raw, [Rows * Length, Vocabulary]).to(float64);
            Tensor Ids(int[] ids) => tensor(Array.ConvertAll(ids, i => (long)i));
            double[] alpha = [.. Enumerable.Range(0, x_0.Length).Select(i => 1 - scale * t[i / Length])];
            var q = tensor(noise.Probabilities);
            double[] density = MultinomialBound.Density(logits, Ids(x_0), Ids(x_t), tensor(alpha), q).data<double>().ToArray();
            for (int i = 0; i < x_0.Length; i++) Near(expected[i], scale / alpha[i] * density[i]);
            var sure = nn.functional.one_hot(Ids(x_0), Vocabulary).to(float64) * 1e4;
            Assert.All(MultinomialBound.Density(sure, Ids(x_0), Ids(x_t), tensor(alpha), q).data<double>().ToArray(),
                d => Assert.Equal(0, d, 1e-9));
        }
        float[] alpha_t = golden.Floats("alpha_t"), alpha_s = golden.Floats("alpha_s");
        foreach (bool model in (bool[])[false, true])
        {
            float[] posterior = golden.Floats(model ? "posterior_model" : "posterior_true");
            for (int k = 0; k < alpha_t.Length; k++)
                for (int i = 0; i < x_0.Length; i++)
                {
                    double[] p = model
                        ? GoldenTensors.Softmax(GoldenTensors.Row(raw, i, Vocabulary))
                        : [.. Enumerable.Range(0, Vocabulary).Select(v => v == x_0[i] ? 1.0 : 0)];
                    double[] q = noise.Posterior(x_t[i], p, alpha_t[k], alpha_s[k]);
                    for (int v = 0; v < Vocabulary; v++) Assert.Equal(posterior[((k * Rows * Length) + i) * Vocabulary + v], q[v], 2e-5);
                }
        }
    }

    [Fact]
    public void Udlm_s_bound_of_forty_steps()
    {
        using var golden = new GoldenTensors("processes/udlm.safetensors");
        float[] raw = golden.Floats("logits"), t = golden.Floats("t_grid_40"), expected = golden.Floats("loss_T40");
        int[] x_0 = golden.Ids("x_0"), x_t = golden.Ids("x_t");
        var noise = MultinomialNoise.Uniform(AlphaSchedule.Linear, Vocabulary, []);
        for (int i = 0; i < x_0.Length; i++)
        {
            double[] p = GoldenTensors.Softmax(GoldenTensors.Row(raw, i, Vocabulary));
            double s = t[i / Length] - 1.0 / 40;
            Near(expected[i], 40 * DiscreteBound.Multinomial(noise, x_0[i], x_t[i], p, 1 - t[i / Length], 1 - s));
        }
    }

    [Fact]
    public void D3pm_s_bound_of_fifty_steps_with_and_without_the_mask_in_the_softmax()
    {
        using var golden = new GoldenTensors("processes/mdlm.safetensors");
        float[] log_p = golden.Floats("log_p_d3pm_T50"), subs = golden.Floats("loss_subs_T50"), t = golden.Floats("t_grid_50"),
            bound = golden.Floats("d3pm_vb_T50"), logits = golden.Floats("logits");
        int[] x_0 = golden.Ids("x_0"), x_t = golden.Ids("x_t_T50");
        for (int i = 0; i < x_0.Length; i++)
        {
            double alpha_t = 1 - t[i / Length], alpha_s = alpha_t + 1.0 / 50;
            float[] row = GoldenTensors.Row(log_p, i, Vocabulary);
            Near(bound[i], x_t[i] == Mask ? 50 * DiscreteBound.Absorbing(row[x_0[i]], Math.Exp(row[Mask]), alpha_t, alpha_s) : 0);
            double without = -CrossEntropy(GoldenTensors.Row(logits, i, Vocabulary), x_0[i], Mask);
            Near(subs[i], x_t[i] == Mask ? 50 * DiscreteBound.Absorbing(without, 0, alpha_t, alpha_s) : 0);
        }
    }

    [Fact]
    public void The_bound_of_numbered_steps_falls_to_that_of_continuous_time()
    {
        // x_0 of one token with p of it: every bound is -log p_0 where the prediction is x_0's own law, whatever T (Bayes' rule is exact).
        double[] p = [0.5, 0.3, 0.2, 0];
        var noise = MultinomialNoise.Uniform(AlphaSchedule.Linear, 4, [3]);
        double previous = double.PositiveInfinity;
        foreach (int steps in (int[])[1, 4, 64])
        {
            double bound = 0;
            for (int t = 1; t <= steps; t++)
            {
                double alpha_t = noise.Alpha((double)t / steps), alpha_s = noise.Alpha((t - 1.0) / steps);
                for (int x_0 = 0; x_0 < 3; x_0++)
                    for (int x_t = 0; x_t < 3; x_t++)
                        bound += p[x_0] * ((x_t == x_0 ? alpha_t : 0) + (1 - alpha_t) / 3)
                            * DiscreteBound.Multinomial(noise, x_0, x_t, p, alpha_t, alpha_s);
            }
            double entropy = -p.Where(x => x > 0).Sum(x => x * Math.Log(x));
            Assert.True(bound >= entropy - 1e-9 && bound <= previous + 1e-9,
                $"T = {steps}: {bound} after {previous}, an entropy of {entropy}");
            previous = bound;
        }
    }
}
