using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Randomness;
using DiffusionBatch.Diffusion.Sampling;
using DiffusionBatch.Diffusion.Sampling.Steps;

namespace DiffusionBatch.Diffusion.Tests.Sampling;

/// <summary>
/// The generator as reference A.7 writes it down: one trajectory, a pass at every one of the S steps, no skipping and no
/// sharing. What the sweep does faster is held to this.
/// </summary>
static class PlainGenerator
{
    public sealed record Outcome(int[] Ids, double Score, int Nfe, List<int[]> AfterStep);

    public static Outcome Run(FakeDenoiser model, int[] prompt, int n, SamplerSettings s, long seed, string id, int candidate)
    {
        int mask = model.Mask;
        var outTokens = Enumerable.Repeat(mask, n).ToArray();
        var outScores = Enumerable.Repeat(float.NegativeInfinity, n).ToArray();
        var noisy = Enumerable.Repeat(true, n).ToArray();
        var after = new List<int[]>();
        int[]? passedOn = null;
        int nfe = 0, steps = s.Preset == "left-to-right" ? n : s.Steps;
        for (int step = 1; step <= steps; step++)
        {
            bool laterCounts = Enumerable.Range(step, steps - step + 1).Any(t => Count(s, n, t) > 0);
            bool needed = s.Preset == "left-to-right" || noisy.Any(x => x) || laterCounts;
            if (needed && (passedOn is null || !passedOn.SequenceEqual(outTokens)))
            {
                nfe++;
                passedOn = [.. outTokens];
            }
            var draws = CounterRandom.For(seed, id).At(candidate).At(step);
            var current = new int[n];
            var score = new float[n];
            for (int i = 0; i < n; i++) (current[i], score[i]) =
                Choose(model.Logits(prompt, outTokens, i), s.Temperature, draws.At(0).Uniform(i));
            if (s.Preset == "left-to-right")
            {
                int i = Array.IndexOf(noisy, true);
                (outTokens[i], outScores[i], noisy[i]) = (current[i], score[i], false);
                after.Add([.. outTokens]);
                continue;
            }
            double rate = s.Schedule == MaskSchedule.Linear ? 1 - (double)step / steps : s.Schedule == MaskSchedule.Quadratic
                ? 1 - (double)step * step / ((double)steps * steps)
                : step == steps ? 0 : Math.Cos(Math.PI / 2 * step / steps);
            var compare = Enumerable.Range(0, n)
                .Select(i => score[i] + (s.Order == RankingOrder.Stochastic ? s.Noise * rate * draws.At(1).Gumbel(i) : 0)).ToArray();
            var low = Enumerable.Range(0, n).OrderBy(i => compare[i]).ThenBy(i => i).Take(Count(s, n, step)).ToHashSet();
            for (int i = 0; i < n; i++)
            {
                bool notV2 = low.Contains(i);
                bool notV1 = notV2 && (s.ReMask == ReMaskRule.Uncond || (current[i] == outTokens[i] && score[i] < outScores[i]));
                bool toNoise = (!noisy[i] && notV1) || (noisy[i] && notV2), toX0 = noisy[i] && !notV2;
                if (toNoise) (outTokens[i], outScores[i]) = (mask, float.NegativeInfinity);
                if (toX0) (outTokens[i], outScores[i]) = (current[i], score[i]);
                noisy[i] = (noisy[i] || notV1) && notV2;
            }
            after.Add([.. outTokens]);
        }
        return new Outcome(outTokens, outScores.Select(x => (double)x).Sum() / n, nfe, after);
    }

    static int Count(SamplerSettings s, int n, int step) => MaskCounts.Remaining(s.Schedule, n, step, s.Steps);

    static (int, float) Choose(float[] logits, double temperature, double u)
    {
        var (best, score, normalizer) = FakeDenoiser.Summarize(logits);
        if (temperature == 0) return (best, score);
        double total = 0;
        var sums = logits.Select(l => total += Math.Exp((l - (double)logits[best]) / temperature)).ToArray();
        int token = Array.FindIndex(sums, c => c > u * total);
        return (token, logits[token] - normalizer);
    }
}
