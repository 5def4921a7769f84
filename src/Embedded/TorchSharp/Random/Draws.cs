using System.Runtime.InteropServices;
using TorchSharp.Random;
using static TorchSharp.torch;

namespace TorchSharp.Core;

/// <summary>Fills tensors with random numbers; draw i depends on the generator's seed and its offset + i alone.</summary>
internal static unsafe class Draws
{
    public static void Uniform(Tensor t, Generator? generator, double low, double high)
    {
        if (!Dtypes.IsFloating(t.type)) throw new ExternalException($"\"check_uniform_bounds\" not implemented for '{Names.Of(t.type)}'");
        if (Dtypes.Compute(t.type) == ScalarType.Float32) Fill(t, generator, new Distributions.UniformSingle(low, high));
        else Fill(t, generator, new Distributions.UniformDouble(low, high));
    }

    public static void Normal(Tensor t, Generator? generator, double mean, double std)
    {
        if (!Dtypes.IsFloating(t.type)) throw new ExternalException($"\"normal_kernel_cpu\" not implemented for '{Names.Of(t.type)}'");
        Fill(t, generator, new Distributions.Normal(mean, std));
    }

    public static void TruncatedNormal(Tensor t, Generator? generator, double mean, double std, double low, double high) =>
        Fill(t, generator, new Distributions.TruncatedNormal(mean, std, low, high));

    public static void Bernoulli(Tensor t, Generator? generator, double p) => Fill(t, generator, new Distributions.Bernoulli(p));

    public static double Gauss(ulong seed, ulong i) => Distributions.Gauss(seed, i);

    public static double Unit(ulong bits) => Distributions.Unit(bits);

    public static void Integers(Tensor t, Generator? generator, long low, long high)
    {
        if (high <= low) throw new ExternalException($"random_ expects 'from' to be less than 'to', but got from={low} >= to={high}");
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

    /// <summary>One draw for each element, in row-major order.</summary>
    public static void Fill<TDraw>(Tensor t, Generator? generator, TDraw draw) where TDraw : struct, IDraw
    {
        (ulong seed, ulong start) = (generator ?? Generator.Default).Take(t.Count * 4);
        bool direct = t.is_contiguous() && (t.type is ScalarType.Float32 or ScalarType.Float64);
        using Tensor values = direct ? t.Hidden() : Tensor.Create(t.sizes, Dtypes.Compute(t.type) == ScalarType.Float32 ? ScalarType.Float32 : ScalarType.Float64, false);
        long n = t.Count;
        if (values.type == ScalarType.Float32)
            for (long i = 0; i < n; i++) values.Ptr<float>()[i] = (float)draw.Draw(seed, start + (ulong)i);
        else
            for (long i = 0; i < n; i++) values.Ptr<double>()[i] = draw.Draw(seed, start + (ulong)i);
        if (!direct) Copy.Elements(values, t);
    }
}
