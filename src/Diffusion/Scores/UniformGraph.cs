using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Scores;

/// <summary>A token is replaced by any of all V, itself included, with probability 1 - exp(-sigma) (Q^uniform).</summary>
public sealed class UniformGraph(int dimension) : ScoreGraph(dimension)
{
    /// <inheritdoc/>
    public override int Mask => -1;

    /// <inheritdoc/>
    public override int Noised(double u) => Math.Min(Dimension - 1, (int)(u * Dimension));

    /// <inheritdoc/>
    public override bool IsLearned(int x_t) => true;

    /// <summary>
    /// (1/V) sum_{y != x_t} s_y - r_y log s_y + K(r_y), K(a) = a (log a - 1), with the true ratios r: where the token is clean all are
    /// q = 1 - V / (e^sigma - 1 + V); where it was replaced, that to x_0 is 1/q and the others are 1.
    /// </summary>
    /// <inheritdoc/>
    public override Tensor ScoreEntropy(Tensor logScores, double[] sigmas, long[] x_t, long[] x_0)
    {
        using var scope = NewDisposeScope();
        double v = Dimension;
        int rows = sigmas.Length;
        double[] e1 = Expm1(sigmas), clean = new double[rows], jump = new double[rows], constant = new double[rows];
        for (int r = 0; r < rows; r++)
        {
            double q = e1[r] / (e1[r] + v), log = Math.Log(q);
            bool isClean = x_t[r] == x_0[r];
            (clean[r], jump[r]) = (isClean ? q : 1, isClean ? 0 : 1 / e1[r]);
            constant[r] = isClean ? (v - 1) / v * q * (log - 1) : ((-log - 1) / q - (v - 2)) / v;
        }
        Tensor At(long[] ids) => logScores.gather(1, tensor(ids, [rows, 1], device: logScores.device)).squeeze(1);
        var here = At(x_t);
        var positive = logScores.exp().mean([1]) - here.exp() / v;
        var others = (logScores.mean([1]) - here / v) * Floats(logScores, clean);
        var negative = At(x_0) * Floats(logScores, jump) + others;
        return (positive - negative + Floats(logScores, constant)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override void Euler(ReadOnlySpan<double> scores, int current, double noise, Span<double> p)
    {
        double rate = noise / Dimension, sum = 0;
        for (int y = 0; y < p.Length; y++)
        {
            p[y] = rate * scores[y];
            if (y != current) sum += p[y];
        }
        p[current] = 1 - sum;
    }

    /// <inheritdoc/>
    public override void Tweedie(ReadOnlySpan<double> scores, int current, double noise, Span<double> p)
    {
        double shrink = Math.Exp(-noise), away = -Expm1(-noise) / Dimension, sum = 0;
        foreach (double score in scores) sum += score;
        // (exp(-D Q) s)_y = (s_y - (1 - e^-D) / V sum s) / e^-D.
        for (int y = 0; y < p.Length; y++) p[y] = (scores[y] - away * sum) / shrink * (y == current ? shrink + away : away);
    }

    /// <summary>The prior is uniform.</summary>
    /// <inheritdoc/>
    public override double PriorDivergence(double sigma)
    {
        double stays = Math.Exp(-sigma), other = -Expm1(-sigma) / Dimension, own = stays + other;
        return own * Math.Log(own * Dimension) + (Dimension - 1) * other * Math.Log(other * Dimension);
    }
}
