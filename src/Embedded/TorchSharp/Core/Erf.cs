namespace TorchSharp.Core;

/// <summary>The error function in double precision.</summary>
internal static class ErrorFunction
{
    const double TwoOverRootPi = 1.1283791670955126;

    /// <summary>erf(x) = 2/sqrt(pi) times the integral of exp(-t^2) from 0 to x, to some 1e-15.</summary>
    public static double Erf(double x)
    {
        double a = Math.Abs(x);
        if (double.IsNaN(x)) return x;
        if (a > 6) return Math.Sign(x);
        return Math.CopySign(a < 2.5 ? Series(a) : 1 - Tail(a), x);
    }

    /// <summary>erf by its series with positive terms: 2/sqrt(pi) exp(-x^2) sum of 2^n x^(2n+1) / (2n+1)!!.</summary>
    static double Series(double x)
    {
        double term = x, sum = x, square = 2 * x * x;
        for (int n = 1; term > sum * 1e-17 && n < 200; n++)
        {
            term *= square / (2 * n + 1);
            sum += term;
        }
        return TwoOverRootPi * Math.Exp(-x * x) * sum;
    }

    /// <summary>1 - erf by its continued fraction, evaluated from the far end.</summary>
    static double Tail(double x)
    {
        double fraction = x;
        for (int n = 60; n >= 1; n--) fraction = x + n / 2.0 / fraction;
        return Math.Exp(-x * x) / fraction * 0.5 * TwoOverRootPi;
    }
}
