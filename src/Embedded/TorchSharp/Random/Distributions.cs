namespace TorchSharp.Random;

/// <summary>The distributions that tensors are filled from.</summary>
internal static class Distributions
{
    /// <summary>A number in [0, 1) of 53 bits.</summary>
    public static double Unit(ulong bits) => (bits >> 11) * (1.0 / (1UL << 53));

    /// <summary>A number in (0, 1].</summary>
    public static double Positive(ulong bits) => ((bits >> 11) + 1) * (1.0 / (1UL << 53));

    /// <summary>Another stream, for a draw that needs more numbers than one.</summary>
    public static ulong Stream(ulong seed, ulong attempt) => seed + (attempt * 0x9E3779B97F4A7C15UL);

    /// <summary>Box-Muller: draw i is the cosine branch of the two words of pair i.</summary>
    public static double Gauss(ulong seed, ulong i)
    {
        (uint x, uint y, uint z, uint w) = Philox.Block(seed ^ 0x6a09e667f3bcc908UL, i);
        double u = Positive(((ulong)x << 32) | y), v = Unit(((ulong)z << 32) | w);
        return Math.Sqrt(-2 * Math.Log(u)) * Math.Cos(2 * Math.PI * v);
    }

    public readonly struct UniformSingle(double low, double high) : IDraw
    {
        public double Draw(ulong seed, ulong i) => (float)low + ((float)(high - low) * ((Philox.Word(seed, i) >> 8) * (1f / (1 << 24))));
    }

    public readonly struct UniformDouble(double low, double high) : IDraw
    {
        public double Draw(ulong seed, ulong i) => low + ((high - low) * Unit(Philox.Long(seed, i)));
    }

    public readonly struct Normal(double mean, double std) : IDraw
    {
        public double Draw(ulong seed, ulong i) => mean + (std * Gauss(seed, i));
    }

    /// <summary>The first of a draw's own stream of normal draws that lies in [low, high].</summary>
    public readonly struct TruncatedNormal(double mean, double std, double low, double high) : IDraw
    {
        public double Draw(ulong seed, ulong i)
        {
            for (ulong attempt = 0; attempt < 10000; attempt++)
            {
                double value = mean + (std * Gauss(Stream(seed, attempt), i));
                if (value >= low && value <= high) return value;
            }

            return Math.Clamp(mean, low, high);
        }
    }

    public readonly struct LogNormal(double mean, double std) : IDraw
    {
        public double Draw(ulong seed, ulong i) => Math.Exp(mean + (std * Gauss(seed, i)));
    }

    public readonly struct Bernoulli(double p) : IDraw
    {
        public double Draw(ulong seed, ulong i) => Unit(Philox.Long(seed, i)) < p ? 1 : 0;
    }

    public readonly struct Exponential(double rate) : IDraw
    {
        public double Draw(ulong seed, ulong i) => -Math.Log(Positive(Philox.Long(seed, i))) / rate;
    }

    /// <summary>How many trials until the first success, from 1 on.</summary>
    public readonly struct Geometric(double p) : IDraw
    {
        public double Draw(ulong seed, ulong i) => Math.Max(1, Math.Ceiling(Math.Log(Positive(Philox.Long(seed, i))) / Math.Log(1 - p)));
    }

    public readonly struct Cauchy(double median, double sigma) : IDraw
    {
        public double Draw(ulong seed, ulong i) => median + (sigma * Math.Tan(Math.PI * (Unit(Philox.Long(seed, i)) - 0.5)));
    }
}
