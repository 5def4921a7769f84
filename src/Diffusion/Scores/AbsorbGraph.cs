using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Scores;

/// <summary>A token becomes the mask with probability 1 - exp(-sigma), and stays it (Q^absorb). The mask is the last id.</summary>
public sealed class AbsorbGraph(int dimension) : ScoreGraph(dimension)
{
    /// <inheritdoc/>
    public override int Mask => Dimension - 1;

    /// <inheritdoc/>
    public override int Noised(double u) => Mask;

    /// <inheritdoc/>
    public override bool IsLearned(int x_t) => x_t == Mask;

    /// <summary>At a mask sum_{y != M} s_y - log s_{x_0} / (e^sigma - 1) + K(1 / (e^sigma - 1)), K(a) = a (log a - 1); else 0.</summary>
    /// <inheritdoc/>
    public override Tensor ScoreEntropy(Tensor logScores, double[] sigmas, long[] x_t, long[] x_0)
    {
        using var scope = NewDisposeScope();
        double[] ratios = Array.ConvertAll(Expm1(sigmas), e => 1 / e);
        var positive = logScores.narrow(1, 0, Mask).exp().sum(1);
        var negative = logScores.gather(1, tensor(x_0, [x_0.Length, 1], device: logScores.device)).squeeze(1) * Floats(logScores, ratios);
        var constant = Floats(logScores, ratios.Select(r => r * (Math.Log(r) - 1)));
        var masked = Floats(logScores, x_t.Select(x => x == Mask ? 1.0 : 0));
        return ((positive - negative + constant) * masked).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override void Euler(ReadOnlySpan<double> scores, int current, double noise, Span<double> p)
    {
        p.Clear();
        p[current] = 1;
        if (current != Mask) return; // nothing leads from another token to this one
        double sum = 0;
        for (int y = 0; y < Mask; y++) sum += p[y] = noise * scores[y];
        p[Mask] = 1 - sum;
    }

    /// <inheritdoc/>
    public override void Tweedie(ReadOnlySpan<double> scores, int current, double noise, Span<double> p)
    {
        p.Clear();
        if (current != Mask)
        {
            p[current] = scores[current]; // e^D s e^-D
            return;
        }
        // e^D (1 - e^-D) = e^D - 1.
        double growth = Expm1(noise), sum = 0;
        for (int y = 0; y < Mask; y++)
        {
            sum += scores[y];
            p[y] = growth * scores[y];
        }
        p[Mask] = (1 + growth) * scores[Mask] - growth * (sum + scores[Mask]);
    }

    /// <summary>The prior is the mask, or, as often as some token is left at t = 1, any token: exp(-sigma) log(V - 1).</summary>
    /// <inheritdoc/>
    public override double PriorDivergence(double sigma) => Math.Exp(-sigma) * Math.Log(Mask);
}
