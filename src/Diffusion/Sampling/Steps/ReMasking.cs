using DiffusionBatch.Contracts.Manifests;

namespace DiffusionBatch.Diffusion.Sampling.Steps;

/// <summary>
/// ReMDM's probabilities of one step from t to s (Wang et al. 2025, arXiv 2503.00307, equation 7; its published code), alpha = 1 - t: a
/// written slot is masked again with probability sigma; a masked one is written with probability (alpha_s - (1 - sigma) alpha_t) / (1 -
/// alpha_t), by a token of the network's prediction.
/// </summary>
/// <param name="AlphaT">The share of written slots at t.</param>
/// <param name="AlphaS">That at s; not less.</param>
/// <param name="Sigma">The probability of masking again; of <c>conf</c> sigma_max, of which each slot has its share.</param>
public readonly record struct ReMasking(double AlphaT, double AlphaS, double Sigma)
{
    const double UsualEta = 0.02, UsualOn = 0.55, UsualOff = 0.05, UsualAlpha = 0.9;

    /// <summary>The probabilities of a step.</summary>
    /// <param name="settings">Sigma, and what it needs.</param>
    /// <param name="t">The time before the step, of (0, 1].</param>
    /// <param name="s">The time after it, below t.</param>
    public static ReMasking Of(SamplerSettings settings, double t, double s)
    {
        double eta = settings.Eta ?? UsualEta, alphaT = 1 - t, alphaS = 1 - s;
        double largest = alphaT > 0 ? Math.Min(1, (1 - alphaS) / alphaT) : 1;
        switch (settings.Sigma ?? ReMaskSchedule.Cap)
        {
            case ReMaskSchedule.Rescale: return new(alphaT, alphaS, eta * largest);
            case ReMaskSchedule.Conf: return new(alphaT, alphaS, largest) { IsShared = true };
            case ReMaskSchedule.ForwardBackward: return new(alphaT, alphaS, alphaT > 0 ? Math.Min(largest, (alphaS - alphaT) / alphaT) : 1);
            case ReMaskSchedule.Loop:
                double on = settings.TOn ?? UsualOn, off = settings.TOff ?? UsualOff, alpha = settings.AlphaOn ?? UsualAlpha;
                if (t > on) return new((1 - t) * alpha / (1 - on), Math.Min(1, (1 - s) * alpha / (1 - on)), 0);
                return t > off ? new(alpha, alpha, eta) : new(1 - t * (1 - alpha) / off, 1 - s * (1 - alpha) / off, 0);
            default: return new(alphaT, alphaS, Math.Min(eta, largest));
        }
    }

    /// <summary>Whether no slot is masked again at t or later.</summary>
    public static bool IsOver(SamplerSettings settings, double t) => settings.Sigma switch
    {
        ReMaskSchedule.Loop => settings.Eta == 0 || t <= (settings.TOff ?? UsualOff),
        ReMaskSchedule.Conf or ReMaskSchedule.ForwardBackward => false,
        _ => settings.Eta == 0,
    };

    /// <summary>The probability that a masked slot is written.</summary>
    public double Writes => AlphaT >= 1 ? 1 : Math.Clamp((AlphaS - (1 - SigmaOfMasked) * AlphaT) / (1 - AlphaT), 0, 1);

    /// <summary>What a masked slot's probability takes for sigma: it has no share of <c>conf</c>'s.</summary>
    double SigmaOfMasked => IsShared ? 0 : Sigma;

    /// <summary>Whether sigma is shared out among the written slots.</summary>
    public bool IsShared { get; init; }

    /// <summary>
    /// (N) the shares of <c>conf</c>: the softmax of minus the probabilities at writing over the written slots, 0 where a slot is masked.
    /// </summary>
    /// <param name="writtenScores">(N) log-probabilities at writing, -inf where masked.</param>
    /// <param name="shares">Receives them.</param>
    public static void Shares(ReadOnlySpan<float> writtenScores, Span<double> shares)
    {
        double total = 0;
        for (int i = 0; i < shares.Length; i++)
            total += shares[i] = float.IsNegativeInfinity(writtenScores[i]) ? 0 : Math.Exp(-Math.Exp(writtenScores[i]));
        for (int i = 0; i < shares.Length; i++) shares[i] = total > 0 ? shares[i] / total : 0;
    }
}
