using System.Runtime.InteropServices;
using TorchSharp.Random;

namespace TorchSharp;

public static partial class torch
{
    public static Tensor randint(int high, int[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        randint(0, high, Array.ConvertAll(size, s => (long)s), dtype, device, requires_grad, generator, names);

    public static Tensor randint(int low, int high, int[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        randint(low, high, Array.ConvertAll(size, s => (long)s), dtype, device, requires_grad, generator, names);

    public static Tensor randint(long high, Size size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        randint(0, high, size.Shape, dtype, device, requires_grad, generator, names);

    public static Tensor randint(long low, long high, Size size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        randint(low, high, size.Shape, dtype, device, requires_grad, generator, names);

    public static Tensor randint_like(Tensor input, long low, long high, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        input.randint_like(low, high, dtype, device, requires_grad);

    /// <summary>The numbers 0 to n - 1 in an order drawn by chance, written to <paramref name="out"/>.</summary>
    public static Tensor randperm(long n, Tensor @out, Generator? generator = null)
    {
        ArgumentNullException.ThrowIfNull(@out);
        Tensor order = randperm(n, @out.type, generator: generator);
        return @out.Refill(order);
    }

    /// <summary>Normal draws of one mean and deviation.</summary>
    public static Tensor normal(double mean, double std, ReadOnlySpan<long> size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        New.Unfilled(size, dtype, device, false).normal_(mean, std, generator).requires_grad_(requires_grad);

    /// <summary>Normal draws, each of its own mean and deviation, broadcast.</summary>
    public static Tensor normal(Tensor mean, Tensor std, Generator? generator = null)
    {
        ArgumentNullException.ThrowIfNull(mean);
        ArgumentNullException.ThrowIfNull(std);
        using (IDisposable mode = no_grad())
        {
            if (std.lt(0).any().item<bool>()) throw new ExternalException("normal expects all elements of std >= 0.0");
        }

        Tensor drawn = New.Unfilled(Shapes.Broadcast(mean.sizes, std.sizes), Dtypes.Result(mean, std), null, false).normal_(0, 1, generator);
        return drawn.mul(std).add(mean).detach();
    }

    /// <summary>One number of [0, 1).</summary>
    public static double rand_float(Generator? generator = null) => One(new Distributions.UniformSingle(0, 1), generator);

    /// <summary>One draw of the normal distribution.</summary>
    public static double randn_float(Generator? generator = null) => (float)One(new Distributions.Normal(0, 1), generator);

    public static bool randint_bool(Generator? generator = null) => randint_long(2, generator) == 1;

    public static int randint_int(int high, Generator? generator = null) => randint_int(0, high, generator);

    public static int randint_int(int low, int high, Generator? generator = null) => (int)randint_long(low, high, generator);

    public static long randint_long(long high, Generator? generator = null) => randint_long(0, high, generator);

    /// <summary>One whole number of [low, high).</summary>
    public static long randint_long(long low, long high, Generator? generator = null)
    {
        using Tensor t = Tensor.Create([], ScalarType.Int64, false);
        Draws.Integers(t, generator, low, high);
        return t.item<long>();
    }

    static double One<TDraw>(TDraw draw, Generator? generator) where TDraw : struct, IDraw
    {
        (ulong seed, ulong start) = (generator ?? Generator.Default).Take(4);
        return draw.Draw(seed, start);
    }

    /// <summary>Starts the default generator anew with a seed taken from the system.</summary>
    public static long seed() => Generator.Default.seed();

    public static long initial_seed() => Generator.Default.initial_seed();
}
