namespace TorchSharp.Core;

/// <summary>The regularised incomplete gamma functions in double precision.</summary>
internal static class GammaIntegrals
{
    /// <summary>The integral of t^(a-1) e^-t from 0 to x over gamma(a).</summary>
    public static double Lower(double a, double x)
    {
        if (Special(a, x, out double value)) return value;
        return x < a + 1 ? Series(a, x) : 1 - Fraction(a, x);
    }

    /// <summary>1 - <see cref="Lower"/>, without cancellation.</summary>
    public static double Upper(double a, double x)
    {
        if (Special(a, x, out double value)) return 1 - value;
        return x < a + 1 ? 1 - Series(a, x) : Fraction(a, x);
    }

    static bool Special(double a, double x, out double value)
    {
        value = double.NaN;
        if (double.IsNaN(a) || double.IsNaN(x) || a < 0 || x < 0) return true;
        if (a == 0) value = x > 0 ? 1 : double.NaN;
        else if (x == 0) value = 0;
        else if (double.IsInfinity(a)) value = double.IsInfinity(x) ? double.NaN : 0;
        else if (double.IsInfinity(x)) value = 1;
        else return false;
        return true;
    }

    static double Series(double a, double x)
    {
        double term = 1 / a, sum = term;
        for (int n = 1; n < 100000 && term > sum * 1e-17; n++)
        {
            term *= x / (a + n);
            sum += term;
        }
        return sum * Factor(a, x);
    }

    /// <summary>Lentz's method on the continued fraction of the upper function.</summary>
    static double Fraction(double a, double x)
    {
        const double Tiny = 1e-300;
        double b = x + 1 - a, c = 1 / Tiny, d = 1 / b, h = d;
        for (int i = 1; i < 100000; i++)
        {
            double an = -i * (i - a);
            b += 2;
            d = an * d + b;
            if (Math.Abs(d) < Tiny) d = Tiny;
            c = b + an / c;
            if (Math.Abs(c) < Tiny) c = Tiny;
            d = 1 / d;
            double step = d * c;
            h *= step;
            if (Math.Abs(step - 1) < 1e-16) break;
        }
        return h * Factor(a, x);
    }

    static double Factor(double a, double x) => Math.Exp(a * Math.Log(x) - x - GammaFunctions.Log(a));
}
