namespace DiffusionBatch.Diffusion.Processes;

/// <summary>
/// The likelihood bound of T numbered steps (Sohl-Dickstein et al. 2015; Austin et al. 2021, arXiv 2107.03006, equation 1): the sum over t
/// of
/// <code>KL( q(x_s | x_t, x_0) || q(x_s | x_t, p) ),   s = t - 1</code>
/// whose first step, to clean text, is -log p(x_0 | x_1). At times of noise alone x_t tells nothing, and no term is left. T times the term
/// of a t that is drawn uniformly is unbiased; with more and more steps it tends to the bound of continuous time, from above.
/// </summary>
public static class DiscreteBound
{
    const double Smallest = 1e-300; // so that what a model rules out costs much, and not infinitely much

    /// <summary>A position's term under multinomial noise, in nats.</summary>
    /// <param name="noise">q_noise.</param>
    /// <param name="x_0">The clean token.</param>
    /// <param name="x_t">The noised one.</param>
    /// <param name="p">The network's prediction of x_0. // (V)</param>
    /// <param name="alpha_t">alpha at t.</param>
    /// <param name="alpha_s">alpha at s, more.</param>
    public static double Multinomial(MultinomialNoise noise, int x_0, int x_t, ReadOnlySpan<double> p, double alpha_t, double alpha_s)
    {
        ArgumentNullException.ThrowIfNull(noise);
        double[] clean = new double[p.Length];
        clean[x_0] = 1;
        double[] truth = noise.Posterior(x_t, clean, alpha_t, alpha_s), model = noise.Posterior(x_t, p, alpha_t, alpha_s);
        double kl = 0;
        for (int y = 0; y < truth.Length; y++)
            if (truth[y] > 0) kl += truth[y] * Math.Log(truth[y] / Math.Max(model[y], Smallest));
        return kl;
    }

    /// <summary>
    /// A masked position's term under absorbing noise, in nats, of a network whose softmax holds the mask (D3PM). Without it, which is
    /// <paramref name="mask"/> 0, it is the share of tokens written at the step times their cross entropy, MDLM's. Positions that aren't
    /// masked have none.
    /// </summary>
    /// <param name="log_p">The prediction's log-probability of x_0.</param>
    /// <param name="mask">The prediction's probability of the mask.</param>
    /// <param name="alpha_t">alpha at t, below 1.</param>
    /// <param name="alpha_s">alpha at s, more.</param>
    public static double Absorbing(double log_p, double mask, double alpha_t, double alpha_s)
    {
        double written = (alpha_s - alpha_t) / (1 - alpha_t), left = 1 - written;
        double z = 1 + (alpha_t * mask / (1 - alpha_t)); // what the posterior is normalised by
        double stays = left <= 0 ? 0 : left * Math.Log(z / (1 + (alpha_s * mask / (1 - alpha_s))));
        return (written * (Math.Log(z) - log_p)) + stays;
    }
}
