using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionBatch.Embedded.TorchSharp.Tests.Sampling;

public sealed class DrawsTests
{
    const int N = 40_000;

    public static TheoryData<string, double, double> Moments() => new()
    {
        { "uniform", 0.5, 1.0 / 12 }, { "normal", 2, 9 }, { "exponential", 0.5, 0.25 }, { "geometric", 4, 12 }, { "log_normal", Math.Exp(0.125), (Math.Exp(0.25) - 1) * Math.Exp(0.25) },
        { "bernoulli", 0.3, 0.21 }, { "bernoulli by tensor", 0.3, 0.21 }, { "random", 4.5, 8.25 }, { "poisson 3", 3, 3 }, { "poisson 40", 40, 40 }, { "binomial 20", 6, 4.2 }, { "binomial 50 of 0.8", 40, 8 },
        { "normal of tensors", 1, 4 }, { "normal of numbers", 1, 4 }, { "randint of a size", 4.5, 8.25 }, { "multinomial", 1.1, 0.49 },
    };

    [Theory, MemberData(nameof(Moments))]
    public void Means_and_variances_are_the_distributions(string name, double mean, double variance)
    {
        using DisposeScope scope = NewDisposeScope();
        Generator g = new Generator().manual_seed(5);
        Tensor x = empty(N, float64);
        x = name switch
        {
            "uniform" => x.uniform_(0, 1, g),
            "normal" => x.normal_(2, 3, g),
            "exponential" => x.exponential_(2, g),
            "geometric" => x.geometric_(0.25, g),
            "log_normal" => x.log_normal_(0, 0.5, g),
            "bernoulli" => x.bernoulli_(0.3, g),
            "bernoulli by tensor" => x.bernoulli_(tensor(0.3), g),
            "random" => x.random_(0, 10, g),
            "poisson 3" => poisson(full(N, 3.0), g),
            "poisson 40" => full(N, 40.0).poisson(g),
            "binomial 20" => binomial(full(N, 20.0), tensor(0.3f), g),
            "binomial 50 of 0.8" => full(N, 50.0).binomial(tensor(0.8f), g),
            "normal of tensors" => torch.normal(ones(N), tensor(2f), g),
            "normal of numbers" => torch.normal(1, 2, [N], generator: g),
            "randint of a size" => randint(10, new Size(N), generator: g),
            _ => multinomial(tensor(new[] { 2f, 5, 3 }), N, true, g),
        };
        x = x.to_type(float64);
        Assert.InRange(x.mean().item<double>(), mean - (5 * Math.Sqrt(variance / N)), mean + (5 * Math.Sqrt(variance / N)));
        Assert.InRange(x.var().item<double>(), variance * 0.93, variance * 1.07);
    }

    [Fact]
    public void A_seed_gives_the_same_numbers_whatever_the_threads()
    {
        using DisposeScope scope = NewDisposeScope();
        int before = get_num_threads();
        Tensor Make(int threads)
        {
            set_num_threads(threads);
            using Generator g = new Generator().manual_seed(3);
            Tensor w = rand(5, 7, generator: g);
            return cat([w.reshape(-1), randn(1000, generator: g), w.bernoulli(g).reshape(-1), w.multinomial(3, generator: g).@float().reshape(-1), empty(9).exponential_(1, g), poisson(w * 20, g).reshape(-1), randperm(20, generator: g).@float(), empty(5).cauchy_(0, 1, g)]);
        }

        Tensor one = Make(1), two = Make(2);
        set_num_threads(before);
        Assert.True(one.Equals(two));
    }

    [Fact]
    public void Draws_without_replacement_come_once()
    {
        using DisposeScope scope = NewDisposeScope();
        using var g = new Generator(2);
        Tensor weights = tensor(new[] { 1f, 0, 3, 2 }).expand(500, 4), places = weights.multinomial(3, generator: g);
        Assert.Equal([500, 3], places.shape);
        for (int r = 0; r < 500; r++) Assert.Equal([0L, 2, 3], places[r].data<long>().ToArray().Order());
        double first = places.select(1, 0).eq(2).@double().mean().item<double>();
        Assert.InRange(first, 0.42, 0.58);
    }

    [Fact]
    public void Single_numbers()
    {
        using var g = new Generator(4);
        Assert.InRange(rand_float(g), 0, 1);
        Assert.InRange(randn_float(g), -9, 9);
        Assert.InRange(randint_int(5, g), 0, 4);
        Assert.InRange(randint_int(3, 5, g), 3, 4);
        Assert.InRange(randint_long(5, g), 0, 4);
        Assert.InRange(randint_long(3, 5, g), 3, 4);
        bool[] flips = Enumerable.Range(0, 40).Select(_ => randint_bool(g)).ToArray();
        Assert.Contains(true, flips);
        Assert.Contains(false, flips);
        Assert.NotEqual(torch.seed(), torch.seed());
        Assert.Equal(torch.initial_seed(), torch.random.initial_seed());
    }

    [Fact]
    public void Sizes_in_all_forms()
    {
        using DisposeScope scope = NewDisposeScope();
        Assert.Equal([2, 3], randint(5, new[] { 2, 3 }).shape);
        Assert.Equal([2, 3], randint(1, 5, new[] { 2, 3 }).shape);
        Assert.Equal([2, 3], randint(5L, new Size((2, 3))).shape);
        Assert.Equal([2, 3], randint(1L, 5L, new Size((2L, 3L))).shape);
        Tensor target = zeros(6, int32);
        Assert.Equal(15, randperm(6, target).sum().item<long>());
        Assert.Equal(15, target.sum().item<long>());
    }

    [Fact]
    public void Errors_are_libtorchs()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = ones(2);
        Refused("probability tensor contains either `inf`, `nan` or element < 0", () => tensor(new[] { 1f, -1 }).multinomial(1));
        Refused("cannot sample n_sample > prob_dist.size(-1) samples without replacement", () => x.multinomial(3));
        Refused("invalid multinomial distribution (sum of probabilities <= 0)", () => zeros(2).multinomial(1));
        Refused("multinomial only supports floating-point dtypes for input, got: Long", () => ones(2, int64).multinomial(1));
        Refused("prob_dist must be 1 or 2 dim", () => ones(2, 2, 2).multinomial(1));
        Refused("cannot sample n_sample <= 0 samples", () => x.multinomial(0));
        Refused("Expected p_in >= 0 && p_in <= 1 to be true, but got false.", () => torch.bernoulli(x * 2));
        Refused("bernoulli_ expects p to be in [0, 1], but got p=1.5", () => x.bernoulli_(1.5));
        Refused("uniform_ expects to return a [from, to) range, but found from=2 > to=1", () => x.uniform_(2, 1));
        Refused("normal expects std >= 0.0, but found std -1", () => x.normal_(0, -1));
        Refused("\"normal_kernel_cpu\" not implemented for 'Long'", () => ones(2, int64).normal_());
        Refused("\"check_uniform_bounds\" not implemented for 'Long'", () => rand(2, int64));
        Refused("geometric_ expects p to be in (0, 1), but got p=2", () => x.geometric_(2));
        Refused("invalid Poisson rate, expected rate to be non-negative", () => (-x).poisson());
        Refused("random_ expects 'from' to be less than 'to', but got from=5 >= to=5", () => x.random_(5, 5));
        Refused("normal expects all elements of std >= 0.0", () => torch.normal(x, -x));
    }

    static void Refused(string message, Action act) => Assert.StartsWith(message, Assert.Throws<ExternalException>(act).Message, StringComparison.Ordinal);
}
