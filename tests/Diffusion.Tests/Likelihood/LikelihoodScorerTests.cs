using System.Text.Json;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Checkpoints;
using DiffusionBatch.Diffusion.Likelihood;
using DiffusionBatch.Diffusion.Processes;
using DiffusionBatch.Diffusion.Processes.Likelihoods;
using DiffusionBatch.Diffusion.Randomness;
using DiffusionBatch.Diffusion.Sampling.Passes;
using DiffusionBatch.Diffusion.Tests.Sampling;

namespace DiffusionBatch.Diffusion.Tests.Likelihood;

public sealed class LikelihoodScorerTests
{
    static LikelihoodItem[] Items(MarkovDenoiser chain, int count, int length) =>
        [.. Enumerable.Range(0, count)
            .Select(i => new LikelihoodItem($"{i}", [0],
                [.. Enumerable.Range(0, length).Select(p => CounterRandom.For(5, $"{i}").Integer(p, chain.VocabularySize - 1))]))];

    static LikelihoodScorer Absorbing(IDenoiser model, int mask, LikelihoodOptions options) =>
        new(model, new AbsorbingLikelihood(mask, options.Estimator), closes: false, options);

    [Fact]
    public void With_exact_conditionals_the_absorbing_bound_is_the_negative_log_likelihood()
    {
        // The golden file's law, and its own log-likelihoods.
        using var json = JsonDocument.Parse(File.ReadAllText(SharedData.Require("golden/toy-markov/law.json")));
        double[] Row(JsonElement row) => [.. row.EnumerateArray().Select(p => p.GetDouble())];
        var chain = new MarkovDenoiser(Row(json.RootElement.GetProperty("initial")),
            [.. json.RootElement.GetProperty("transition").EnumerateArray().Select(Row)]);
        var lines = File.ReadLines(SharedData.Require("golden/toy-markov/test.jsonl")).Take(200)
            .Select(l => JsonDocument.Parse(l).RootElement).ToList();
        LikelihoodItem[] items = [.. lines.Select(l =>
            new LikelihoodItem(l.GetProperty("id").GetString()!, [0],
                [.. l.GetProperty("ids").EnumerateArray().Select(i => i.GetInt32())]))];
        double[] truth = Row(json.RootElement.GetProperty("test_log_likelihood_first_200"));
        for (int i = 0; i < items.Length; i++) Assert.Equal(truth[i], chain.LogProbability(items[i].Ids), 2e-3);
        foreach (var estimator in Enum.GetValues<LikelihoodEstimator>())
        {
            var estimates = Absorbing(chain, chain.Mask, new LikelihoodOptions { Seed = 1, Draws = 48, Estimator = estimator })
                .Score(items);
            double error = 0, variance = 0;
            for (int i = 0; i < items.Length; i++)
                (error, variance) = (error + estimates[i].Nats + truth[i], variance + estimates[i].Variance);
            Assert.InRange(Math.Abs(error) / Math.Sqrt(variance), 0, 3.5);
            Assert.Equal(-truth.Sum() / (200 * 12), LikelihoodSummary.Of(estimates).NatsPerToken,
                estimator == LikelihoodEstimator.ExactK ? 0.01 : 0.04); // Bernoulli masks vary more
        }
    }

    [Fact]
    public void Enumerated_over_all_masks_it_is_that_exactly()
    {
        var chain = MarkovDenoiser.Small;
        var form = new AbsorbingLikelihood(chain.Mask, LikelihoodEstimator.ExactK);
        const int length = 5;
        foreach (var item in Items(chain, 4, length))
        {
            double sum = 0;
            for (int set = 1; set < 1 << length; set++)
            {
                bool[] masked = [.. Enumerable.Range(0, length).Select(i => (set >> i & 1) == 1)];
                int k = masked.Count(m => m);
                double sets = Enumerable.Range(1, k).Aggregate(1.0, (c, j) => c * (length - k + j) / j);
                var noised = form.Masked(item.Ids, masked, (double)length / k);
                chain.Predict([new CanvasRequest([0], noised.Ids, noised.Rows, default, true)],
                    (_, rows) => sum += form.Nats(item.Ids, noised, rows) / (length * sets));
            }
            Assert.Equal(-chain.LogProbability(item.Ids), sum, 1e-5);
        }
    }

    [Fact]
    public void The_bound_of_independent_uniform_tokens_is_L_log_V()
    {
        const int v = 5, length = 7;
        var uniform = new MarkovDenoiser([.. Enumerable.Repeat(1.0 / v, v)],
            [.. Enumerable.Repeat(Enumerable.Repeat(1.0 / v, v).ToArray(), v)]);
        var items = Items(uniform, 40, length);
        foreach (var estimate in Absorbing(uniform, uniform.Mask, new LikelihoodOptions { Draws = 8 }).Score(items))
            Assert.Equal(length * Math.Log(v), estimate.Nats, 1e-4);
        var bernoulli = LikelihoodSummary.Of(
            Absorbing(uniform, uniform.Mask, new LikelihoodOptions { Draws = 64, Estimator = LikelihoodEstimator.Bernoulli }).Score(items));
        Assert.InRange(Math.Log(v), bernoulli.Low, bernoulli.High);
    }

    [Fact]
    public void Numbered_steps_give_the_absorbing_bound_too_where_conditionals_are_exact()
    {
        // Each step's term holds for any T: the masks' law is that of continuous time at T points.
        var chain = MarkovDenoiser.Small;
        var items = Items(chain, 40, 5);
        var scorer = new LikelihoodScorer(chain, new NumberedAbsorbing(chain.Mask, timesteps: 400),
            closes: false, new LikelihoodOptions { Seed = 2, Draws = 400, Timesteps = 400 });
        var estimates = scorer.Score(items);
        double error = items.Zip(estimates, (i, e) => e.Nats + chain.LogProbability(i.Ids)).Sum();
        Assert.InRange(Math.Abs(error) / Math.Sqrt(estimates.Sum(e => e.Variance)), 0, 3.5);
        Assert.Equal("bound:absorbing|timesteps:400|draws:400", scorer.Name);
    }

    [Fact]
    public void Numbered_steps_of_multinomial_noise_bound_it_from_above()
    {
        var noise = MultinomialNoise.Uniform(AlphaSchedule.Linear, 4, [3]);
        var chain = MarkovDenoiser.Small;
        LikelihoodItem[] items = [.. Enumerable.Range(0, 3).Select(k => new LikelihoodItem($"{k}", [0], [k]))];
        LikelihoodEstimate[] Of(int timesteps) =>
            [.. new LikelihoodScorer(chain, new NumberedMultinomial(noise, timesteps), closes: false,
                new LikelihoodOptions { Draws = 4000, Timesteps = timesteps }).Score(items)];
        double[] p = [0.5, 0.3, 0.2];
        var (coarse, fine) = (Of(4), Of(400));
        double truth = p.Sum(x => -x * Math.Log(x));
        double Mean(LikelihoodEstimate[] estimates) => estimates.Select((e, k) => p[k] * e.Nats).Sum();
        double noiseOf = 4 * Math.Sqrt(fine.Select((e, k) => p[k] * p[k] * e.Variance).Sum());
        Assert.InRange(Mean(fine), truth - noiseOf, truth + noiseOf + 0.01);
        Assert.True(Mean(coarse) > truth - noiseOf, $"{Mean(coarse)} of four steps, an entropy of {truth}");
    }

    [Fact]
    public void The_bound_of_multinomial_noise_is_that_too_for_a_single_token()
    {
        // Of one token the network can know no more than p(x_0) given x_t and t; without t it is above.
        var noise = MultinomialNoise.Uniform(AlphaSchedule.Linear, 4, [3]);
        var chain = MarkovDenoiser.Small;
        var scorer = new LikelihoodScorer(chain, new MultinomialLikelihood(noise), closes: false, new LikelihoodOptions { Draws = 4000 });
        double[] p = [0.5, 0.3, 0.2];
        // The network's p(x_0) is x_0's law before x_t is seen; in the bound it meets x_t through Bayes' rule.
        foreach (var estimate in scorer.Score([.. Enumerable.Range(0, 3).Select(k => new LikelihoodItem($"{k}", [0], [k]))]))
            Assert.Equal(-Math.Log(p[int.Parse(estimate.Id, System.Globalization.CultureInfo.InvariantCulture)]), estimate.Nats,
                4 * Math.Sqrt(estimate.Variance) + 1e-3);
    }

    [Fact]
    public void Llada_s_estimates_from_given_masks()
    {
        using var json = JsonDocument.Parse(File.ReadAllText(SharedData.Require("golden/llama-full/likelihood.json")));
        using var checkpoint = Checkpoint.Load(SharedData.Require("golden/llama-full"));
        var model = new TorchDenoiser(checkpoint.Model, null, checkpoint.Specials, AttentionKind.Full, shift: false, -1,
            TimeProvider.System);
        var form = new AbsorbingLikelihood(checkpoint.Specials.Mask, LikelihoodEstimator.ExactK);
        foreach (var run in json.RootElement.GetProperty("cases").EnumerateArray())
        {
            int[] prompt = Ids(run.GetProperty("prompt")), answer = Ids(run.GetProperty("answer"));
            var kind = new CanvasKind(Closes: false, run.GetProperty("cfg_scale").GetDouble());
            var values = new List<double>();
            foreach (var row in run.GetProperty("masks").EnumerateArray().SelectMany(batch => batch.EnumerateArray()))
            {
                bool[] masked = Array.ConvertAll(Ids(row), m => m == 1);
                var noised = form.Masked(answer, masked, (double)answer.Length / masked.Count(m => m));
                model.Predict([new CanvasRequest(prompt, noised.Ids, noised.Rows, kind, true)],
                    (_, rows) => values.Add(form.Nats(answer, noised, rows)));
            }
            double expected = run.GetProperty("log_likelihood").GetProperty("mask_logit_removed").GetDouble();
            Assert.Equal(expected, -values.Average(), 1e-4 + 1e-4 * Math.Abs(expected));
        }
    }

    [Fact]
    public void Estimates_do_not_depend_on_what_is_computed_beside_them()
    {
        using var checkpoint = Checkpoint.Load(SharedData.Require("golden/llama-full"));
        LikelihoodItem[] items = [.. Enumerable.Range(0, 9)
            .Select(i => new LikelihoodItem($"{i}", [0, 5, 9], [.. Enumerable.Range(3, 4 + i)]))];
        LikelihoodScorer With(int batch) =>
            new(new TorchDenoiser(checkpoint.Model, null, checkpoint.Specials, AttentionKind.Full, false, -1, TimeProvider.System),
            new AbsorbingLikelihood(checkpoint.Specials.Mask, LikelihoodEstimator.ExactK), closes: true,
            new LikelihoodOptions { Seed = 2, Draws = 6, BatchTokens = batch });
        var together = With(4096).Score(items);
        Assert.Equal(together, With(1).Score(items));
        Assert.Equal(together, With(100).Score([.. items.Reverse()]).Reverse());
        Assert.Equal([together[3]], With(4096).Score([items[3]]));
    }

    [Fact]
    public void A_model_from_left_to_right_has_its_likelihood_exactly()
    {
        using var checkpoint = Checkpoint.Load(SharedData.Require("golden/llama"));
        var scorer = LikelihoodScorer.For(checkpoint, new LikelihoodOptions());
        int[] prompt = [0, 4, 7], ids = [5, 9, 3, 8];
        var estimate = scorer.Score([new LikelihoodItem("x", prompt, ids)]).Single();
        double sum = 0;
        for (int i = 0; i < ids.Length; i++)
            sum += scorer.Score([new LikelihoodItem("x", [.. prompt, .. ids[..i]], [ids[i]])]).Single().Nats;
        Assert.Equal(sum, estimate.Nats, 1e-3);
        Assert.Equal(0, estimate.Variance);
    }

    static int[] Ids(JsonElement list) => [.. list.EnumerateArray().Select(e => e.GetInt32())];
}
