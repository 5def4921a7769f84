using TorchSharp.Random;
using static TorchSharp.torch;

namespace TorchSharp.Core;

/// <summary>Fills tensors with random numbers; draw i depends on the generator's seed and its offset + i alone.</summary>
internal static unsafe class Draws
{
    delegate double Rule(ulong seed, ulong i);

    public static void Uniform(Tensor t, Generator? generator, double low, double high)
    {
        bool single = Dtypes.Compute(t.type) == ScalarType.Float32;
        Fill(t, generator, 4, (seed, i) =>
        {
            if (single) return (float)low + (float)(high - low) * UnitSingle(Philox.Word(seed, i));
            return low + (high - low) * Unit(Philox.Long(seed, i));
        });
    }

    /// <summary>Box-Muller: draw i is the cosine branch of the two words of pair i.</summary>
    public static void Normal(Tensor t, Generator? generator, double mean, double std) =>
        Fill(t, generator, 4, (seed, i) => mean + std * Gauss(seed, i));

    /// <summary>Draw i is the first of its own stream of normal draws that lies in [low, high].</summary>
    public static void TruncatedNormal(Tensor t, Generator? generator, double mean, double std, double low, double high) =>
        Fill(t, generator, 4, (seed, i) =>
        {
            for (ulong attempt = 0; attempt < 10000; attempt++)
            {
                double value = mean + std * Gauss(seed + attempt * 0x9E3779B97F4A7C15UL, i);
                if (value >= low && value <= high) return value;
            }
            return Math.Clamp(mean, low, high);
        });

    public static double Gauss(ulong seed, ulong i)
    {
        (uint x, uint y, uint z, uint w) = Philox.Block(seed ^ 0x6a09e667f3bcc908UL, i);
        double u = (((((ulong)x << 32) | y) >> 11) + 1) * (1.0 / (1UL << 53)), v = ((((ulong)z << 32) | w) >> 11) * (1.0 / (1UL << 53));
        return Math.Sqrt(-2 * Math.Log(u)) * Math.Cos(2 * Math.PI * v);
    }

    public static void Integers(Tensor t, Generator? generator, long low, long high)
    {
        if (high <= low) throw new System.Runtime.InteropServices.ExternalException($"random_ expects 'from' to be less than 'to', but got from={low} >= to={high}");
        (ulong seed, ulong start) = (generator ?? Generator.Default).Take(t.Count * 4);
        using Tensor values = Tensor.Create(t.sizes, ScalarType.Int64, false);
        for (long i = 0; i < t.Count; i++)
            values.Ptr<long>()[i] = low + (long)Math.BigMul(Philox.Long(seed, start + (ulong)i), (ulong)(high - low), out _);
        Copy.Elements(values, t);
    }

    public static void Permutation(Tensor t, Generator? generator)
    {
        (ulong seed, ulong start) = (generator ?? Generator.Default).Take(t.Count * 4);
        long* p = t.Ptr<long>();
        for (long i = 0; i < t.Count; i++) p[i] = i;
        for (long i = t.Count - 1; i > 0; i--)
        {
            long j = (long)Math.BigMul(Philox.Long(seed, start + (ulong)i), (ulong)(i + 1), out _);
            (p[i], p[j]) = (p[j], p[i]);
        }
    }

    public static void Bernoulli(Tensor t, Generator? generator, double p) =>
        Fill(t, generator, 4, (seed, i) => Unit(Philox.Long(seed, i)) < p ? 1 : 0);

    static void Fill(Tensor t, Generator? generator, int wordsPerDraw, Rule rule)
    {
        (ulong seed, ulong start) = (generator ?? Generator.Default).Take(t.Count * wordsPerDraw);
        bool direct = t.is_contiguous() && (t.type is ScalarType.Float32 or ScalarType.Float64);
        using Tensor values = direct ? t.Hidden() : Tensor.Create(t.sizes, ScalarType.Float64, false);
        long n = t.Count;
        if (values.type == ScalarType.Float32)
            for (long i = 0; i < n; i++) values.Ptr<float>()[i] = (float)rule(seed, start + (ulong)i);
        else
            for (long i = 0; i < n; i++) values.Ptr<double>()[i] = rule(seed, start + (ulong)i);
        if (!direct) Copy.Elements(values, t);
    }

    /// <summary>A number in [0, 1) of 24 bits.</summary>
    public static float UnitSingle(uint word) => (word >> 8) * (1f / (1 << 24));

    /// <summary>A number in [0, 1) of 53 bits.</summary>
    public static double Unit(ulong bits) => (bits >> 11) * (1.0 / (1UL << 53));
}
