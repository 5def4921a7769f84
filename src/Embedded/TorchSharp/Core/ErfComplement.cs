namespace TorchSharp.Core;

/// <summary>The complement of the error function, scaled and not, and the inverse of erf, in double precision.</summary>
internal static class ErfComplement
{
    // The Chebyshev coefficients of (1 + 2x) exp(x^2) erfc(x) in u = (x - 3.75) / (x + 3.75); computed with 40 digits.
    static readonly double[] Coefficients =
    [
        2.35515786913480351, -0.00459005458064647733, -0.0842491333665179156, 0.0592099399981918905, -0.0266586684353057523,
        0.00907499767070526509, -0.00241316354041760819, 0.000490775836525808632, -0.0000691697330250120637, 4.13902798607301017e-6,
        7.74038306619849067e-7, -2.18864010492343957e-7, 1.07649994656709104e-8, 4.5219598112182869e-9, -7.75440020883135109e-10,
        -6.31808834088668423e-11, 2.86879501093067021e-11, 1.94558685457776634e-13, -9.65469674843341116e-13, 3.25254814814893954e-14,
        3.34781194828689918e-14, -1.86456288041956565e-15, -1.25079505307027108e-15, 7.41823525638537787e-17, 5.06814890449802089e-17,
    ];

    /// <summary>exp(x^2) erfc(x).</summary>
    public static double Scaled(double x)
    {
        if (double.IsNaN(x)) return x;
        if (x < 0)
        {
            if (x < -26.7) return double.PositiveInfinity;
            return 2 * ExpSquare(x) - Positive(-x);
        }
        return Positive(x);
    }

    /// <summary>1 - erf(x), to full relative precision.</summary>
    public static double Erfc(double x)
    {
        if (double.IsNaN(x)) return x;
        if (x < 0) return x < -6 ? 2 : 2 - Erfc(-x);
        if (x > 27.3) return 0;
        return Positive(x) / ExpSquare(x);
    }

    /// <summary>The x whose erf is y: a rough start, then Halley's steps on the side where nothing cancels.</summary>
    public static double Inverse(double y)
    {
        double a = Math.Abs(y);
        if (!(a < 1)) return a == 1 ? Math.CopySign(double.PositiveInfinity, y) : double.NaN;
        if (a < 1e-8) return y * (Math.Sqrt(Math.PI) / 2);
        double l = Math.Log((1 - a) * (1 + a)), h = 2 / (Math.PI * 0.147) + l / 2;
        double x = Math.Sqrt(Math.Sqrt(h * h - l / 0.147) - h);
        for (int i = 0; i < 3; i++)
        {
            double error = a < 0.5 ? ErrorFunction.Erf(x) - a : (1 - a) - Erfc(x);
            double step = error / (2 / Math.Sqrt(Math.PI) * Math.Exp(-x * x));
            x -= step / (1 + x * step);
        }
        return Math.CopySign(x, y);
    }

    static double Positive(double x)
    {
        if (x > 1e8) return 1 / (Math.Sqrt(Math.PI) * x);
        double u = (x - 3.75) / (x + 3.75), b = 0, before = 0;
        for (int k = Coefficients.Length - 1; k > 0; k--) (b, before) = (2 * u * b - before + Coefficients[k], b);
        return (u * b - before + Coefficients[0] / 2) / (1 + 2 * x);
    }

    /// <summary>exp(x^2), with what is lost in squaring put back.</summary>
    static double ExpSquare(double x)
    {
        double square = x * x, rest = Math.FusedMultiplyAdd(x, x, -square);
        return Math.Exp(square) * (1 + rest);
    }
}
