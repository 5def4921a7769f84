namespace TorchSharp.Core;

/// <summary>The logarithm of the gamma function, its derivatives, and Hurwitz's zeta function, in double precision.</summary>
internal static class GammaFunctions
{
    const double Euler = 0.57721566490153286;

    // zeta(k) / k for k = 2, 3, ...: the series of ln gamma(1 + x).
    static readonly double[] ZetaOverK =
    [
        0.822467033424113218, 0.400685634386531428, 0.270580808427784548, 0.207385551028673985, 0.16955717699740819, 0.144049896768846118,
        0.125509669524743042, 0.11133426586956469, 0.100099457512781809, 0.0909540171458290422, 0.083353840546109004, 0.0769325164113521915,
        0.0714329462953613361, 0.066668705882420468, 0.0625009551412130407, 0.0588239786586845823, 0.0555557676274036111, 0.0526316793796166607,
        0.0500000476981016936, 0.047619070330142228, 0.0454545562932046694, 0.0434782660530402594, 0.0416666691503412105, 0.0400000011921401406,
        0.0384615390346751857, 0.0370370373129893255, 0.035714285847333358,
    ];

    // B(2k) of Bernoulli.
    static readonly double[] Bernoulli =
        [1.0 / 6, -1.0 / 30, 1.0 / 42, -1.0 / 30, 5.0 / 66, -691.0 / 2730, 7.0 / 6, -3617.0 / 510, 43867.0 / 798, -174611.0 / 330, 854513.0 / 138];

    /// <summary>ln |gamma(x)|.</summary>
    public static double Log(double x)
    {
        if (double.IsNaN(x)) return x;
        if (double.IsInfinity(x)) return double.PositiveInfinity;
        if (x <= 0)
        {
            if (x == Math.Floor(x)) return double.PositiveInfinity;
            return Math.Log(Math.PI / Math.Abs(SinPi(x))) - Log(1 - x);
        }
        if (Math.Abs(x - 1) < 0.3) return NearOne(x - 1);
        if (Math.Abs(x - 2) < 0.3) return LogOnePlus(x - 2) + NearOne(x - 2);
        double product = 1;
        while (x < 10) product *= x++;
        double square = 1 / (x * x), power = 1 / x, sum = 0;
        for (int k = 1; k <= 8; k++, power *= square) sum += Bernoulli[k - 1] / (2 * k * (2 * k - 1)) * power;
        return (x - 0.5) * Math.Log(x) - x + 0.91893853320467274178 + sum - Math.Log(product);
    }

    /// <summary>The derivative of ln gamma.</summary>
    public static double Digamma(double x)
    {
        if (x == 0) return Math.CopySign(double.PositiveInfinity, -x);
        if (x < 0)
        {
            if (x == Math.Floor(x)) return double.NaN;
            double rest = x - Math.Truncate(x);
            return Digamma(1 - x) - Math.PI / Math.Tan(Math.PI * rest);
        }
        double shift = 0;
        while (x < 10) shift += 1 / x++;
        double square = 1 / (x * x), power = square, sum = 0;
        for (int k = 1; k <= 8; k++, power *= square) sum += Bernoulli[k - 1] / (2 * k) * power;
        return double.IsPositiveInfinity(x) ? x : Math.Log(x) - 0.5 / x - sum - shift;
    }

    /// <summary>The n-th derivative of digamma.</summary>
    public static double Polygamma(long n, double x)
    {
        if (n == 0) return Digamma(x);
        if (n == 1 && double.IsPositiveInfinity(x)) return 0;
        if (n == 1 && x < 0.5)
        {
            double s = SinPi(x);
            return Math.PI * Math.PI / (s * s) - Zeta(2, 1 - x);
        }
        return (n % 2 == 0 ? -1 : 1) * Math.Exp(Log(n + 1.0)) * Zeta(n + 1, x);
    }

    /// <summary>The sum of (k + q)^-s over k = 0, 1, ...: the first terms, then Euler and Maclaurin's formula for the rest.</summary>
    public static double Zeta(double s, double q)
    {
        if (s == 1) return double.PositiveInfinity;
        if (!(s >= 1) || double.IsNaN(q)) return double.NaN;
        if (q <= 0)
        {
            if (q == Math.Floor(q)) return double.PositiveInfinity;
            if (s != Math.Floor(s)) return double.NaN;
        }
        double sum = 0;
        int first = 0;
        for (; first < 10 || q < 10; first++, q++)
        {
            double term = Math.Pow(q, -s);
            sum += term;
            if (q > 0 && term < sum * 1e-17) return sum;
        }
        double tail = Math.Pow(q, -s), result = sum + tail * (q / (s - 1) + 0.5), factor = s * tail / q;
        for (int k = 1; k <= 10; k++)
        {
            double term = Bernoulli[k - 1] * factor;
            term /= Factorial(2 * k);
            result += term;
            if (Math.Abs(term) < Math.Abs(result) * 1e-17) break;
            factor *= (s + 2 * k - 1) * (s + 2 * k) / (q * q);
        }
        return result;
    }

    static double Factorial(int n)
    {
        double product = 1;
        for (int i = 2; i <= n; i++) product *= i;
        return product;
    }

    /// <summary>ln gamma(1 + x) for small x, exact also where it is near 0.</summary>
    static double NearOne(double x)
    {
        double sum = 0;
        for (int k = ZetaOverK.Length - 1; k >= 0; k--) sum = ZetaOverK[k] - sum * x;
        return x * (x * sum - Euler) + 0.0;
    }

    /// <summary>ln(1 + x), exact also for small x.</summary>
    public static double LogOnePlus(double x)
    {
        double u = 1 + x;
        return u == 1 ? x : double.IsPositiveInfinity(u) ? u : Math.Log(u) * (x / (u - 1));
    }

    /// <summary>sin(pi x), the argument reduced exactly.</summary>
    static double SinPi(double x) => Math.Sin(Math.PI * (x - 2 * Math.Round(x / 2)));
}
