namespace TorchSharp.Random;

/// <summary>Draws of counts, each from its own stream of numbers.</summary>
internal static class Counts
{
    /// <summary>
    /// A Poisson count. Small rates multiply uniform numbers (Knuth 1969); larger ones use transformed rejection with
    /// squeeze (Hörmann 1993, algorithm PTRS).
    /// </summary>
    public static double Poisson(double rate, ulong seed, ulong i)
    {
        if (rate == 0 || double.IsNaN(rate)) return rate;
        if (rate < 10)
        {
            double limit = Math.Exp(-rate), product = 1;
            for (ulong k = 0; ; k++)
            {
                product *= Distributions.Positive(Philox.Long(Distributions.Stream(seed, k), i));
                if (product <= limit) return k;
            }
        }

        double log = Math.Log(rate), b = 0.931 + (2.53 * Math.Sqrt(rate)), a = -0.059 + (0.02483 * b);
        double inverse = 1.1239 + (1.1328 / (b - 3.4)), v0 = 0.9277 - (3.6224 / (b - 2));
        for (ulong attempt = 0; ; attempt += 2)
        {
            double u = Distributions.Unit(Philox.Long(Distributions.Stream(seed, attempt), i)) - 0.5;
            double v = Distributions.Positive(Philox.Long(Distributions.Stream(seed, attempt + 1), i));
            double us = 0.5 - Math.Abs(u), k = Math.Floor((((2 * a / us) + b) * u) + rate + 0.43);
            if (us >= 0.07 && v <= v0) return k;
            if (k < 0 || (us < 0.013 && v > us)) continue;
            if (Math.Log(v) + Math.Log(inverse) - Math.Log((a / (us * us)) + b) <= -rate + (k * log) - LogFactorial(k)) return k;
        }
    }

    /// <summary>A binomial count: the gaps between successes are geometric.</summary>
    public static double Binomial(double trials, double p, ulong seed, ulong i)
    {
        if (double.IsNaN(trials) || double.IsNaN(p)) return double.NaN;
        if (p > 0.5) return trials - Binomial(trials, 1 - p, seed, i);
        if (p <= 0 || trials <= 0) return 0;
        double log = Math.Log(1 - p), at = 0;
        for (ulong k = 0; ; k++)
        {
            at += Math.Max(1, Math.Ceiling(Math.Log(Distributions.Positive(Philox.Long(Distributions.Stream(seed, k), i))) / log));
            if (at > trials) return k;
        }
    }

    /// <summary>The logarithm of k! by Stirling's series, to 1e-10 and better from 10 on; exact below.</summary>
    static double LogFactorial(double k)
    {
        if (k < 10)
        {
            double product = 1;
            for (int j = 2; j <= k; j++) product *= j;
            return Math.Log(product);
        }

        double x = k + 1, inverse = 1 / (x * x);
        return ((x - 0.5) * Math.Log(x)) - x + 0.91893853320467274 + ((1.0 / 12 - (inverse * (1.0 / 360 - (inverse / 1260)))) / x);
    }
}
