using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Data;
using DiffusionBatch.Diffusion.Models;
using DiffusionBatch.Diffusion.Randomness;
using DiffusionBatch.Diffusion.Scores;
using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Processes;

/// <summary>
/// SEDD's bound of the likelihood (Lou et al. 2024, arXiv 2310.16834, theorem 3.6): in nats,
/// <code>-log p(x_0) &lt;= integral over t of E sigma'(t) SE(x_t, x_0) + KL(q_1(x | x_0) || prior) + E -log p(x_0 | x at sigma(0))</code>
/// where the last term, 0 for a schedule that begins without noise, is that of the sampler's closing step. The integral is estimated at
/// stratified times; the mean of <see cref="Draws"/> is unbiased.
/// </summary>
/// <param name="model">The network, in evaluation mode.</param>
/// <param name="attention">Which positions see which.</param>
/// <param name="newline">The token that ends a block, for blockwise attention; -1 when there is none.</param>
public sealed class ScoreEntropyBound(Sedd model, AttentionKind attention = AttentionKind.Full, int newline = -1)
{
    readonly ScoreDiffusion _diffusion = model.Diffusion;
    readonly ScoreEntropyProcess _process = new(model.Diffusion, attention, newline);

    /// <summary>Estimates of the bound of one sequence, a time each: their mean is the bound, though they are not independent.</summary>
    /// <param name="tokens">Prompt and response. // (N)</param>
    /// <param name="prompt">Tokens of the prompt, on which the likelihood is conditioned.</param>
    /// <param name="draws">K; the k-th time is drawn from ((k - 1) / K, k / K].</param>
    /// <param name="sample">The sequence's stream.</param>
    /// <returns>// (K) nats</returns>
    public double[] Draws(ReadOnlySpan<int> tokens, int prompt, int draws, CounterRandom sample)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(draws, 1);
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        var pairs = new EncodedPairs(Math.Max(2, tokens.Length), 0, 0);
        pairs.AddSequence("x", tokens, prompt);
        var batch = new PairBatch(pairs, new int[draws], pad: 0);
        var times = new double[draws];
        for (int k = 0; k < draws; k++) times[k] = (k + 1 - sample.At(k).At(-1).Uniform(0)) / draws;
        var noised = _process.Apply(batch, times, Noised(batch, times, sample));
        double constant = (tokens.Length - prompt) * _diffusion.Graph.PriorDivergence(_diffusion.Noise.Sigma(1))
            + Reconstruction(batch, sample);
        var bound = new double[draws];
        Array.Fill(bound, constant);
        if (noised.Masked.Length == 0) return bound;
        float[] entropies = _process.Entropies(model, noised).cpu().data<float>().ToArray();
        for (int r = 0; r < entropies.Length; r++)
        {
            long k = noised.Masked[r] / noised.Columns;
            bound[k] += _diffusion.Noise.Rate(times[k]) * entropies[r];
        }
        return bound;
    }

    long[] Noised(PairBatch batch, double[] times, CounterRandom sample)
    {
        var ids = (long[])batch.Ids.Clone();
        for (int b = 0; b < batch.Rows; b++)
            _process.Replace(ids.AsSpan(b * batch.Columns, batch.Lengths[b])[batch.PromptLengths[b]..], batch.PromptLengths[b],
                _diffusion.Noise.Sigma(times[b]), sample.At(b));
        return ids;
    }

    /// <summary>The mean over as many draws at sigma(0) of -log p(x_0 | x), p the closing step's.</summary>
    double Reconstruction(PairBatch batch, CounterRandom sample)
    {
        double sigma = _diffusion.Noise.Sigma(0);
        if (sigma <= 0) return 0;
        var times = new double[batch.Rows];
        var noised = _process.Apply(batch, times, Noised(batch, times, sample.At(-1)));
        var (logScores, _, current) = _process.LogScores(model, noised);
        float[] values = logScores.cpu().data<float>().ToArray();
        int v = _diffusion.Graph.Dimension;
        double[] scores = new double[v], p = new double[v];
        double sum = 0;
        for (int r = 0; r < current.Length; r++)
        {
            for (int y = 0; y < v; y++) scores[y] = Math.Exp(values[r * v + y]);
            _diffusion.Graph.Tweedie(scores, (int)current[r], sigma, p);
            double total = 0;
            foreach (double share in p) total += Math.Max(0, share);
            sum -= Math.Log(Math.Max(double.Epsilon, p[noised.Targets[r]]) / total);
        }
        return sum / batch.Rows;
    }
}
