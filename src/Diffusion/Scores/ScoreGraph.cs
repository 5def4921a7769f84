using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Scores;

/// <summary>
/// The forward process of one token as a Markov chain whose rates are sigma'(t) times a fixed matrix (Lou et al. 2024, arXiv
/// 2310.16834, section 3.3), and what of it training and sampling need. A score s_y is the ratio p_t(y) / p_t(x_t) of the sequence with y
/// in the token's place to the sequence as it stands.
/// </summary>
/// <param name="dimension">The chain's states, V, the mask included where it has one.</param>
public abstract class ScoreGraph(int dimension)
{
    /// <summary>V.</summary>
    public int Dimension => dimension;

    /// <summary>M, the state that absorbs; -1 where there is none.</summary>
    public abstract int Mask { get; }

    /// <summary>
    /// The token that a token becomes when it is noised: a function of u of [0, 1). Noised tokens are 1 - exp(-sigma) of all.
    /// </summary>
    public abstract int Noised(double u);

    /// <summary>Whether a position with the token x_t has a loss: none where its score is known.</summary>
    public abstract bool IsLearned(int x_t);

    /// <summary>
    /// The score entropy of each row (definition 3.1; its denoising form, theorem 3.4): at least 0, and 0 at the true ratios.
    /// </summary>
    /// <param name="logScores">log s_y. // (R, V) float32</param>
    /// <param name="sigmas">sigma of each row. // (R)</param>
    /// <param name="x_t">The noised tokens. // (R)</param>
    /// <param name="x_0">The clean tokens. // (R)</param>
    /// <returns>// (R)</returns>
    public abstract Tensor ScoreEntropy(Tensor logScores, double[] sigmas, long[] x_t, long[] x_0);

    /// <summary>
    /// One Euler step of the reverse process (section 4.1): p = e_x + dt sigma' R, R_y = s_y Q(y, x) and minus their sum at x. It can be
    /// negative at x.
    /// </summary>
    /// <param name="scores">s. // (V)</param>
    /// <param name="current">x_t.</param>
    /// <param name="noise">dt sigma'(t).</param>
    /// <param name="p">Receives the probabilities. // (V)</param>
    public abstract void Euler(ReadOnlySpan<double> scores, int current, double noise, Span<double> p);

    /// <summary>
    /// The Tweedie step (theorem 4.2): p_y = (exp(-D Q) s)_y exp(D Q)(x, y), the best that factorises over positions. Entries can be
    /// negative where the scores are not a distribution's.
    /// </summary>
    /// <param name="scores">s, 1 at <paramref name="current"/>. // (V)</param>
    /// <param name="current">x_t.</param>
    /// <param name="noise">D = sigma(t) - sigma(t - dt).</param>
    /// <param name="p">Receives the probabilities, which sum to 1 where the scores are true. // (V)</param>
    public abstract void Tweedie(ReadOnlySpan<double> scores, int current, double noise, Span<double> p);

    /// <summary>KL(q_1(x | x_0) || prior) of one token, in nats: what is left of it at t = 1.</summary>
    /// <param name="sigma">sigma(1).</param>
    public abstract double PriorDivergence(double sigma);

    /// <summary>exp(sigma) - 1, each row's. // (R)</summary>
    private protected static double[] Expm1(double[] sigmas) => Array.ConvertAll(sigmas, Expm1);

    /// <summary>exp(x) - 1 without loss near 0: by half the argument's hyperbolic tangent.</summary>
    internal static double Expm1(double x)
    {
        if (Math.Abs(x) > 0.5) return Math.Exp(x) - 1;
        double tanh = Math.Tanh(x / 2);
        return 2 * tanh / (1 - tanh);
    }

    /// <summary>Numbers as a column of floats. // (R)</summary>
    private protected static Tensor Floats(Tensor like, IEnumerable<double> values) =>
        tensor(values.Select(v => (float)v).ToArray(), device: like.device);
}

/// <summary>A forward process: which tokens noise makes, and how much of it there is at each time.</summary>
/// <param name="Graph">The chain of one token.</param>
/// <param name="Noise">sigma(t).</param>
public sealed record ScoreDiffusion(ScoreGraph Graph, NoiseSchedule Noise);
