using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Randomness;

namespace DiffusionBatch.Diffusion.Processes;

/// <summary>
/// Multinomial noise (Hoogeboom et al. 2021; Zheng et al. 2023, section 3): at time t a token is clean with probability alpha_t and
/// otherwise a draw of q_noise, which may be the same token. Draws are by inversion in float64.
/// </summary>
public sealed class MultinomialNoise
{
    const double Temperature = 1.5;
    readonly double[] _cumulative;

    MultinomialNoise(AlphaSchedule schedule, double[] weights)
    {
        double total = weights.Sum(), sum = 0;
        if (!(total > 0)) throw new ArgumentException("No token is left for the noise.", nameof(weights));
        (Schedule, Probabilities, _cumulative) = (schedule, new double[weights.Length], new double[weights.Length]);
        for (int v = 0; v < weights.Length; v++) (Probabilities[v], _cumulative[v]) = (weights[v] / total, sum += weights[v] / total);
    }

    /// <summary>How alpha falls.</summary>
    public AlphaSchedule Schedule { get; }

    /// <summary>q_noise; 0 for tokens that are never noised. // (V)</summary>
    public double[] Probabilities { get; }

    /// <summary>Every token alike.</summary>
    /// <param name="schedule">How alpha falls.</param>
    /// <param name="vocabularySize">V.</param>
    /// <param name="excluded">Tokens that are no noise and aren't noised: the mask, and specials that texts don't hold.</param>
    public static MultinomialNoise Uniform(AlphaSchedule schedule, int vocabularySize, IReadOnlyCollection<int> excluded)
    {
        double[] weights = new double[vocabularySize];
        Array.Fill(weights, 1);
        foreach (int id in excluded) weights[id] = 0;
        return new MultinomialNoise(schedule, weights);
    }

    /// <summary>In proportion to the tokens' frequencies to the power 1 / 1.5, as RDM has it.</summary>
    /// <param name="schedule">How alpha falls.</param>
    /// <param name="counts">How often each token occurs; 0 for those that are no noise. // (V)</param>
    public static MultinomialNoise Unigram(AlphaSchedule schedule, IReadOnlyList<int> counts) =>
        new(schedule, [.. counts.Select(c => Math.Pow(c, 1 / Temperature))]);

    /// <summary>alpha(t).</summary>
    public double Alpha(double t) => AlphaSchedules.Alpha(Schedule, t);

    /// <summary>alpha_t / alpha_s: the probability that a token of time s is still there at t; 0 where none is clean at s.</summary>
    public static double Stays(double alpha_t, double alpha_s) => alpha_s > 0 ? alpha_t / alpha_s : 0;

    /// <summary>Whether a token is noised and can be noise.</summary>
    public bool Includes(long token) => Probabilities[token] > 0;

    /// <summary>The noise at quantile u.</summary>
    /// <param name="u">Of [0, 1).</param>
    public int Draw(double u)
    {
        int at = Array.BinarySearch(_cumulative, u);
        at = at < 0 ? ~at : at + 1; // the first sum above u
        while (at >= _cumulative.Length || Probabilities[at] == 0) at--; // u may round up to the whole
        return at;
    }

    /// <summary>Noise for n positions.</summary>
    public int[] Draw(int n, CounterRandom draws)
    {
        int[] tokens = new int[n];
        for (int i = 0; i < n; i++) tokens[i] = Draw(draws.Uniform(i));
        return tokens;
    }

    /// <summary>x_t of q(x_t | x_0).</summary>
    public int DrawNoised(int x_0, double alpha_t, CounterRandom draws) => draws.Uniform(0) < alpha_t ? x_0 : Draw(draws.Uniform(1));

    /// <summary>x_s of q(x_s | x_t, x_0), by the parts of q(x_t | x_s) q(x_s | x_0): x_s is x_t or not, and clean or noise.</summary>
    /// <param name="x_t">The token at t.</param>
    /// <param name="x_0">The clean token.</param>
    /// <param name="alpha_t">alpha at t.</param>
    /// <param name="alpha_s">alpha at s, not less.</param>
    /// <param name="draws">The position's stream.</param>
    public int DrawPosterior(int x_t, int x_0, double alpha_t, double alpha_s, CounterRandom draws)
    {
        double stays = Stays(alpha_t, alpha_s), q = Probabilities[x_t];
        double same = stays * ((x_t == x_0 ? alpha_s : 0) + (1 - alpha_s) * q), clean = (1 - stays) * q * alpha_s,
            noise = (1 - stays) * q * (1 - alpha_s);
        double u = draws.Uniform(0) * (same + clean + noise);
        return u < same ? x_t : u < same + clean ? x_0 : Draw(draws.Uniform(1));
    }

    /// <summary>q(x_s | x_t, x_0 = p), p a distribution of x_0: the weights of all tokens, which sum to 1. // (V)</summary>
    /// <param name="x_t">The token at t.</param>
    /// <param name="p">(V)</param>
    /// <param name="alpha_t">alpha at t.</param>
    /// <param name="alpha_s">alpha at s, not less.</param>
    public double[] Posterior(int x_t, ReadOnlySpan<double> p, double alpha_t, double alpha_s)
    {
        double stays = Stays(alpha_t, alpha_s), noise = Probabilities[x_t], total = 0;
        double[] q = new double[p.Length];
        for (int y = 0; y < q.Length; y++)
            total += q[y] = (stays * (y == x_t ? 1 : 0) + (1 - stays) * noise) * (alpha_s * p[y] + (1 - alpha_s) * Probabilities[y]);
        for (int y = 0; y < q.Length; y++) q[y] /= total;
        return q;
    }

    /// <summary>
    /// x_0 of p_y q(x_t | x_0 = y), p the network's prediction at a temperature: what x_t tells of x_0 together with the network.
    /// </summary>
    /// <param name="logits">(V)</param>
    /// <param name="best">The token of the highest.</param>
    /// <param name="temperature">Above 0.</param>
    /// <param name="x_t">The token at t.</param>
    /// <param name="alpha_t">alpha at t.</param>
    /// <param name="u">Of [0, 1).</param>
    public int DrawClean(ReadOnlySpan<float> logits, int best, double temperature, int x_t, double alpha_t, double u)
    {
        double max = logits[best], noise = (1 - alpha_t) * Probabilities[x_t], total = 0;
        for (int y = 0; y < logits.Length; y++) total += Weight(logits, y);
        if (!(total > 0)) return x_t; // the network rules x_t out, and it is clean
        double left = u * total;
        int last = best;
        for (int y = 0; y < logits.Length; y++)
        {
            double weight = Weight(logits, y);
            if (weight == 0) continue;
            last = y;
            if ((left -= weight) < 0) break;
        }
        return last;

        double Weight(ReadOnlySpan<float> row, int y) => Math.Exp((row[y] - max) / temperature) * (noise + (y == x_t ? alpha_t : 0));
    }
}
