namespace DiffusionBatch.Diffusion.Sampling.Steps;

/// <summary>Draws a slot's next token from a step's probabilities, by inversion in float64 with one uniform number.</summary>
internal static class TokenChange
{
    /// <summary>The next token: the present one with its share; otherwise another, at the temperature.</summary>
    /// <param name="p">The probabilities, not normalised; negative ones become 0, and the present token's is taken out. // (V)</param>
    /// <param name="current">The present token.</param>
    /// <param name="temperature">Above 0; 1 draws from the probabilities as they are.</param>
    /// <param name="u">Of [0, 1).</param>
    /// <returns>The token, and, where it is another, the log of its untempered share among the others.</returns>
    public static (int Token, double LogProbability) Draw(Span<double> p, int current, double temperature, double u)
    {
        double stays = Math.Max(0, p[current]), leaves = 0, highest = 0;
        p[current] = 0;
        for (int y = 0; y < p.Length; y++)
        {
            if (!(p[y] > 0)) p[y] = 0;
            leaves += p[y];
            highest = Math.Max(highest, p[y]);
        }
        double target = u * (stays + leaves) - stays;
        if (!(leaves > 0) || target < 0) return (current, 0);
        double Weight(double share) => temperature == 1 ? share : share > 0 ? Math.Pow(share / highest, 1 / temperature) : 0;
        double total = leaves;
        if (temperature != 1)
        {
            total = 0;
            foreach (double share in p) total += Weight(share);
            target *= total / leaves;
        }
        double sum = 0;
        int token = current;
        for (int y = 0; y < p.Length; y++)
        {
            double weight = Weight(p[y]);
            if (weight == 0) continue;
            token = y; // rounding may leave the sum below the target: then the last
            if ((sum += weight) > target) break;
        }
        return (token, Math.Log(p[token] / leaves));
    }
}
