using System.Text.Json;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Data;
using DiffusionBatch.Diffusion.Processes;
using DiffusionBatch.Diffusion.Sampling.Passes;
using DiffusionBatch.Diffusion.Sampling.Presets;
using DiffusionBatch.Diffusion.Sampling.Steps;
using DiffusionBatch.Diffusion.Tests.Sampling;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Tests.Processes;

/// <summary>Schedules, posteriors and losses against numbers that the published code computes from given draws.</summary>
public sealed class PublishedProcessesTests
{
    const int Vocabulary = 48, Mask = 47, Rows = 3, Length = 10;
    static readonly int[] s_specials = [0, 1, 2];

    static double CrossEntropy(ReadOnlySpan<float> logits, int token, params int[] never) =>
        -Math.Log(GoldenTensors.Softmax(logits, never)[token]);

    static void Near(double expected, double actual) => Assert.Equal(expected, actual, 1e-4 + 1e-4 * Math.Abs(expected));

    [Theory]
    [InlineData("cosine", AlphaSchedule.MdlmCosine)]
    [InlineData("cosinesqr", AlphaSchedule.MdlmCosineSquared)]
    [InlineData("geometric", AlphaSchedule.Geometric)]
    [InlineData("linear", AlphaSchedule.LinearSigma)]
    public void Mdlm_s_schedules(string name, AlphaSchedule schedule)
    {
        using var golden = new GoldenTensors("processes/mdlm.safetensors");
        float[] t = golden.Floats("schedule_t"), sigma = golden.Floats($"schedule_{name}_sigma"),
            slope = golden.Floats($"schedule_{name}_dsigma");
        for (int i = 0; i < t.Length; i++)
        {
            Near(sigma[i], -Math.Log(AlphaSchedules.Alpha(schedule, t[i])));
            Near(slope[i], -AlphaSchedules.Slope(schedule, t[i]) / AlphaSchedules.Alpha(schedule, t[i]));
        }
    }

    [Theory]
    [InlineData("linear", AlphaSchedule.Linear)]
    [InlineData("cosine", AlphaSchedule.ImprovedCosine)]
    [InlineData("cosine_old", AlphaSchedule.ImprovedCosineRoot)]
    [InlineData("sqrt", AlphaSchedule.Sqrt)]
    public void Rdm_s_schedules(string name, AlphaSchedule schedule)
    {
        using var golden = new GoldenTensors("processes/rdm-multinomial.safetensors");
        float[] expected = golden.Floats($"{name}_log_cumprod_alpha");
        double[] alphas = AlphaSchedules.Discrete(schedule, 50);
        for (int t = 0; t < 50; t++) Near(expected[t], Math.Log(alphas[t + 1]));
    }

    [Fact]
    public void Mdlm_s_times()
    {
        using var golden = new GoldenTensors("processes/mdlm.safetensors");
        float[] u = golden.Floats("t_uniform"), antithetic = golden.Floats("t_antithetic"),
            important = golden.Floats("t_antithetic_importance"), independent = golden.Floats("t_independent");
        for (int i = 0; i < u.Length; i++)
        {
            double spread = ((double)u[i] / u.Length + (double)i / u.Length) % 1;
            Assert.Equal(spread, NoiseTimes.Antithetic(u[i], i, u.Length), 1e-12);
            double t = AlphaSchedules.Eps + (1 - AlphaSchedules.Eps) * spread;
            Near(antithetic[i], t);
            // There the schedule is 1 - (1 - eps) t, and quantiles are counted from the longest time's end.
            double most = 1 - AlphaSchedules.Eps, least = 1 - Math.Exp(-AlphaSchedules.Eps);
            Near(important[i], NoiseTimes.LogUniform(t, least, most) / (1 - AlphaSchedules.Eps));
            Near(independent[i], AlphaSchedules.Eps + (1 - AlphaSchedules.Eps) * u[i]);
        }
    }

    [Fact]
    public void Mdlm_s_losses()
    {
        using var golden = new GoldenTensors("processes/mdlm.safetensors");
        float[] logits = golden.Floats("logits"), t = golden.Floats("t"), continuous = golden.Floats("loss_continuous"),
            grid = golden.Floats("t_grid_50"), steps = golden.Floats("loss_subs_T50"), important = golden.Floats("loss_importance");
        int[] x_0 = golden.Ids("x_0"), x_t = golden.Ids("x_t"), x_t50 = golden.Ids("x_t_T50"), x_ti = golden.Ids("x_t_importance");
        double least = 1 - Math.Exp(-AlphaSchedules.Eps);
        for (int i = 0; i < x_0.Length; i++)
        {
            double ce = CrossEntropy(GoldenTensors.Row(logits, i, Vocabulary), x_0[i], Mask);
            int b = i / Length;
            Near(continuous[i], x_t[i] == Mask ? LossWeights.Of(LossWeighting.Reciprocal, AlphaSchedule.Linear, (double)t[b]) * ce : 0);
            Near(steps[i], x_t50[i] == Mask ? LossWeights.Of(LossWeighting.Reciprocal, 50, (int)Math.Round(50 * grid[b])) * ce : 0);
            Near(important[i], x_ti[i] == Mask ? Math.Log(1 / least) * ce : 0);
        }
    }

    [Fact]
    public void Remdm_s_and_mdlm_s_posteriors()
    {
        using var golden = new GoldenTensors("processes/remdm.safetensors");
        using var json = JsonDocument.Parse(File.ReadAllText(SharedData.Require("golden/processes/remdm.json")));
        float[] logits = golden.Floats("logits"), posterior = golden.Floats("posterior"), confidence = golden.Floats("confidence");
        int[] noised = golden.Ids("x_t");
        float[] blind = OfMasks(); // the file has no logits for the canvas of masks alone
        int k = 0;
        foreach (var run in json.RootElement.GetProperty("posteriors").EnumerateArray())
        {
            double Number(string name) => run.GetProperty(name).GetDouble();
            string sampler = run.GetProperty("sampler").GetString()!;
            bool loop = sampler == "remdm-loop", all = run.GetProperty("all_masked").GetBoolean();
            var settings = new SamplerSettings
            {
                Sigma = sampler switch
                {
                    "forward-backward" => ReMaskSchedule.ForwardBackward,
                    "remdm-rescale" => ReMaskSchedule.Rescale,
                    "remdm-conf" => ReMaskSchedule.Conf,
                    "remdm-loop" => ReMaskSchedule.Loop,
                    _ => ReMaskSchedule.Cap
                },
                Eta = sampler == "mdlm" ? 0 : Number("eta"),
                TOn = loop ? Number("t_on") : null,
                TOff = loop ? Number("t_off") : null,
                AlphaOn = loop ? Number("alpha_on") : null,
            };
            var step = ReMasking.Of(settings, Number("t"), Math.Max(0, Number("t") - Number("dt")));
            for (int b = 0; b < Rows; b++)
            {
                // log-probabilities at writing; what was never written is never masked again
                float[] written = [.. Enumerable.Range(b * Length, Length)
                    .Select(i => all || noised[i] == Mask
                        || float.IsNegativeInfinity(confidence[i]) ? float.NegativeInfinity : MathF.Log(-confidence[i]))];
                double[] shares = new double[Length];
                ReMasking.Shares(written, shares);
                for (int i = b * Length; i < (b + 1) * Length; i++)
                {
                    float[] row = GoldenTensors.Row(all ? blind : logits, all ? i % Length : i, Vocabulary);
                    double[] p = Nucleus(GoldenTensors.Softmax(row, Mask), Number("nucleus_p")), q = new double[Vocabulary];
                    DrawsFrom(p, row, Number("nucleus_p"));
                    if (all || noised[i] == Mask)
                    {
                        for (int v = 0; v < Vocabulary; v++) q[v] = p[v] * step.Writes;
                        q[Mask] = 1 - step.Writes;
                    }
                    else
                    {
                        double sigma = step.Sigma * (step.IsShared ? shares[i % Length] : 1);
                        (q[noised[i]], q[Mask]) = (1 - sigma, sigma);
                    }
                    float[] expected = GoldenTensors.Row(posterior, k * Rows * Length + i, Vocabulary);
                    double scale = sampler == "mdlm" || loop ? expected.Sum() : 1; // these are left unnormalised
                    for (int v = 0; v < Vocabulary; v++)
                        Assert.True(Math.Abs(expected[v] / scale - q[v]) <= 2e-5,
                            $"{run}, position {i}, token {v}: {expected[v] / scale} expected, {q[v]} found");
                }
            }
            k++;
        }
        Assert.Equal(53, k);

        static float[] OfMasks()
        {
            using var checkpoint = Diffusion.Checkpoints.Checkpoint.Load(SharedData.Require("golden/llama-full"));
            using var scope = NewDisposeScope();
            using var quiet = no_grad();
            checkpoint.Model.eval();
            return [.. checkpoint.Model.Logits(checkpoint.Model.Hidden(full(1, Length, Mask, dtype: ScalarType.Int64),
                ones(1, Length, dtype: ScalarType.Bool)).view(Length, -1)).data<float>()];
        }

        // What remdm draws, by topP: each token of the nucleus at the quantile in the middle of its share.
        static void DrawsFrom(double[] p, float[] row, double share)
        {
            var rows = new CanvasRows(1) { Logits = (float[])[.. row.Select((logit, v) => v == Mask ? float.NegativeInfinity : logit)] };
            (rows.Tokens[0], rows.Scores[0], rows.LogNormalizers[0]) = FakeDenoiser.Summarize(rows.Logits.Span);
            var tempered = new TemperedRows();
            tempered.Bind(rows, new SamplerSettings { Preset = "remdm", Temperature = 1, TopP = share },
                new ReMdmPreset().NucleusStaysWithin);
            double before = 0;
            for (int v = 0; v < p.Length; before += p[v++])
                if (p[v] > 1e-5) Assert.Equal(v, tempered.Draw(0, before + p[v] / 2).Token);
        }

        // The most probable token, and those whose cumulative sum stays within the share.
        static double[] Nucleus(double[] p, double share)
        {
            if (share >= 1) return p;
            double[] kept = new double[p.Length];
            double sum = 0;
            int[] order = [.. Enumerable.Range(0, p.Length).OrderByDescending(v => p[v])];
            for (int r = 0; r < order.Length && ((sum += p[order[r]]) <= share || r == 0); r++) kept[order[r]] = p[order[r]];
            double total = kept.Sum();
            return [.. kept.Select(v => v / total)];
        }
    }

    [Theory]
    [InlineData(0.3)]
    [InlineData(0.1)]
    public void Dream_s_weights_by_context(double p)
    {
        using var golden = new GoldenTensors("llama-full/losses.safetensors");
        float[] expected = golden.Floats(FormattableString.Invariant($"dream_cart_weight_p{p}"));
        int[] x_t = golden.Ids("dream_x_t");
        const int columns = 12;
        for (int b = 0; b < Rows; b++)
        {
            double[] weights = ContextWeights.Of([.. x_t[(b * columns)..((b + 1) * columns)].Select(id => id == Mask)], p);
            for (int i = 0; i < columns; i++) Assert.Equal(expected[(b * columns) + i], weights[i], 1e-6);
        }
    }

    [Theory]
    [InlineData("uniform", "linear", AlphaSchedule.Linear)]
    [InlineData("unigram", "cosine", AlphaSchedule.ImprovedCosine)]
    public void Rdm_s_multinomial_noise(string kind, string name, AlphaSchedule schedule)
    {
        using var golden = new GoldenTensors("processes/rdm-multinomial.safetensors");
        int[] counts = golden.Ids("unigram_counts"), x_0 = golden.Ids("x_0"), x_t = golden.Ids($"rdm_{kind}_{name}_x_t");
        foreach (int id in s_specials) counts[id] = 0;
        var noise = kind == "uniform"
            ? MultinomialNoise.Uniform(schedule, Vocabulary, s_specials)
            : MultinomialNoise.Unigram(schedule, counts);
        float[] q = golden.Floats($"{kind}_log_noise");
        for (int v = 0; v < Vocabulary; v++) Assert.Equal(Math.Exp(q[v]), noise.Probabilities[v], 2e-5);
        double[] alphas = AlphaSchedules.Discrete(schedule, 50);
        int[] times = [4, 23, 49];
        float[] marginal = golden.Floats($"rdm_{kind}_{name}_q_xt_given_x0");
        for (int i = 0; i < x_0.Length; i++)
        {
            if (!noise.Includes(x_0[i])) continue;
            int t = times[i / Length] + 1;
            for (int v = 0; v < Vocabulary; v++)
                Assert.Equal(Math.Exp(marginal[i * Vocabulary + v]),
                    (v == x_0[i] ? alphas[t] : 0) + (1 - alphas[t]) * noise.Probabilities[v], 2e-5);
            double[] clean = [.. Enumerable.Range(0, Vocabulary).Select(v => v == x_0[i] ? 1.0 : 0)];
            foreach (int k in (int[])[1, 5])
            {
                double[] posterior = noise.Posterior(x_t[i], clean, alphas[t], alphas[t - k]);
                float[] expected = GoldenTensors.Row(golden.Floats($"rdm_{kind}_{name}_q_k{k}"), i, Vocabulary);
                for (int v = 0; v < Vocabulary; v++) Assert.Equal(Math.Exp(expected[v]), posterior[v], 2e-5);
            }
        }
    }

    [Theory]
    [InlineData("uniform", "linear")]
    [InlineData("unigram", "cosine")]
    public void Rdm_s_multinomial_loss(string kind, string name)
    {
        using var golden = new GoldenTensors("processes/rdm-multinomial.safetensors");
        using var json = JsonDocument.Parse(File.ReadAllText(SharedData.Require("golden/processes/rdm-multinomial.json")));
        int[] x_0 = golden.Ids("x_0"), x_t = golden.Ids($"rdm_{kind}_{name}_x_t"), times = [4, 23, 49];
        float[] raw = golden.Floats($"rdm_{kind}_{name}_logits");
        var pairs = new EncodedPairs(16, 0, 2);
        for (int b = 0; b < Rows; b++) pairs.AddSequence($"{b}", x_0.AsSpan(b * Length, Length), promptLength: 0);
        var batch = new PairBatch(pairs, [0, 1, 2], 1);
        foreach (var weighting in (LossWeighting[])[LossWeighting.Linear, LossWeighting.Reciprocal, LossWeighting.None])
            foreach (double smoothing in (double[])[0, 0.1])
            {
                var expected = json.RootElement.GetProperty("losses")
                    .GetProperty(FormattableString.Invariant(
                        $"rdm_{kind}_{name}_loss_{weighting.ToString().ToLowerInvariant()}_smoothing{smoothing:0.0}"));
                var settings = new ObjectiveSettings { Process = "multinomial", Weighting = weighting, Coupled = false };
                var process = new MultinomialProcess(settings, MultinomialNoise.Uniform(AlphaSchedule.Linear, Vocabulary, s_specials));
                double[] weights = [.. times.Select(t => LossWeights.Of(weighting, 50, t + 1))];
                var noised = process.Apply(batch, weights, new double[Rows], [.. x_t.Select(i => (long)i)]);
                using var scope = NewDisposeScope();
                var logits = tensor(raw, [Rows * Length, Vocabulary]).index_select(0, tensor(noised.Masked)); // (R, V)
                var forbidden = logits.clone();
                forbidden.narrow(1, 0, 3).fill_(-30);
                // Specials are no targets there; the smoothing's term knows of none.
                double loss = DenoisingLoss.CrossEntropy(forbidden, noised, 0).item<float>(),
                    smooth = DenoisingLoss.CrossEntropy(logits, noised, 1).item<float>();
                double scale = weighting == LossWeighting.Reciprocal ? 1.0 / 50 : 1.0 / 50; // ours is T times RDM's
                Near(expected.GetProperty("nll").GetDouble(), loss * scale);
                Near(expected.GetProperty("diffusion_loss").GetDouble(), (1 - smoothing) * loss * scale + smoothing * smooth * scale);
            }
    }

    [Fact]
    public void Losses_of_llada_dllm_dream_and_diffullama()
    {
        using var golden = new GoldenTensors("llama-full/losses.safetensors");
        using var json = JsonDocument.Parse(File.ReadAllText(SharedData.Require("golden/llama-full/losses.json")));
        using var checkpoint = Diffusion.Checkpoints.Checkpoint.Load(SharedData.Require("golden/llama-full"));
        checkpoint.Model.eval();
        const int columns = 12;
        int[] ids = golden.Ids("input_ids"), prompts = golden.Ids("prompt_lengths");
        float[] u = golden.Floats("uniform_t");
        var pairs = new EncodedPairs(16, 0, 2);
        for (int b = 0; b < Rows; b++) pairs.AddSequence($"{b}", ids.AsSpan(b * columns, columns), promptLength: 0);
        var cases = new List<(string Name, string Noised, ObjectiveSettings Settings, bool Prompts)>
        {
            ("llada_pretrain", "llada_x_t", new() { Weighting = LossWeighting.Reciprocal, Normalizer = LossNormalizer.Tokens }, false),
            ("llada_sft", "llada_sft_x_t", new() { Weighting = LossWeighting.Reciprocal }, true),
            ("dream_cart_p0.3_token", "dream_x_t",
                new() { Weighting = LossWeighting.Cart, Normalizer = LossNormalizer.Tokens, Shift = true }, true),
            ("dream_cart_p0.1_token", "dream_x_t",
                new() { Weighting = LossWeighting.Cart, CartP = 0.1, Normalizer = LossNormalizer.Tokens, Shift = true }, true),
            ("dream_cart_p0.3_sequence", "dream_x_t", new() { Weighting = LossWeighting.Cart, Shift = true }, true),
            ("dream_cart_p0.1_sequence", "dream_x_t", new() { Weighting = LossWeighting.Cart, CartP = 0.1, Shift = true }, true),
            ("diffullama", "diffullama_x_t",
                new() { Weighting = LossWeighting.Reciprocal, Normalizer = LossNormalizer.Masked, Shift = true }, false),
        };
        foreach (var schedule in (AlphaSchedule[])[AlphaSchedule.Linear, AlphaSchedule.Cosine])
            foreach (var weighting in (LossWeighting[])[LossWeighting.Reciprocal, LossWeighting.None])
                foreach (var (name, norm) in new[] { ("token", LossNormalizer.Tokens), ("sequence", LossNormalizer.Sequence),
                    ("batch", LossNormalizer.Batch) })
                {
                    string label = schedule.ToString().ToLowerInvariant();
                    cases.Add(($"dllm_mdlm_{label}_{(weighting == LossWeighting.None ? "uniform" : "scheduler")}_{name}",
                        $"dllm_{label}_x_t", new() { Weighting = weighting, Normalizer = norm, Schedule = schedule }, true));
                }
        foreach (var (name, file, given, exempt) in cases)
        {
            var settings = given with { Time = TimeKind.Continuous };
            var batch = new PairBatch(pairs, [0, 1, 2], 1);
            if (exempt) prompts.CopyTo(batch.PromptLengths, 0);
            int[] x_t = golden.Ids(file);
            double[] weights = [.. u.Select(v =>
                LossWeights.Of(settings.Weighting, settings.Schedule ?? AlphaSchedule.Linear,
                    AlphaSchedules.Eps + (1 - AlphaSchedules.Eps) * v))];
            bool[] predicted = [.. Enumerable.Range(0, ids.Length)
                .Select(i => x_t[i] == Mask && ids[i] != Mask && !(settings.Shift == true && i % columns == 0))];
            var noised = NoisedBatch.Of(batch, [.. x_t.Select(i => (long)i)], predicted, weights, 1, settings.Normalizer
                ?? LossNormalizer.Sequence, settings.Shift ?? false);
            using var scope = NewDisposeScope();
            using var quiet = no_grad();
            var process = new AbsorbingProcess(settings, Mask);
            double loss = process.Loss(checkpoint.Model, process.Weighed(noised), 0)!.item<float>(),
                expected = json.RootElement.GetProperty("losses").GetProperty(name).GetProperty("loss").GetDouble();
            Assert.True(Math.Abs(expected - loss) <= 1e-4 + 1e-4 * expected, $"{name}: {expected} expected, {loss} found");
        }
    }
}
