using System.Runtime.InteropServices;
using TorchSharp.Autograd;
using TorchSharp.Random;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Fills from distributions, in place. What was there has no gradient afterwards.</summary>
    public partial class Tensor
    {
        /// <summary>Fills the tensor from the normal distribution.</summary>
        public Tensor normal_(double mean = 0, double std = 1, Generator? generator = null)
        {
            if (!(std >= 0)) throw new ExternalException($"normal expects std >= 0.0, but found std {std}");
            if (!Dtypes.IsFloating(type)) throw new ExternalException($"\"normal_kernel_cpu\" not implemented for '{Names.Of(type)}'");
            return Drawn(new Distributions.Normal(mean, std), generator);
        }

        /// <summary>Fills the tensor evenly from [from, to).</summary>
        public Tensor uniform_(double from, double to, Generator? generator = null)
        {
            if (from > to) throw new ExternalException($"uniform_ expects to return a [from, to) range, but found from={from} > to={to}");
            if (!Dtypes.IsFloating(type)) throw new ExternalException($"\"check_uniform_bounds\" not implemented for '{Names.Of(type)}'");
            return Dtypes.Compute(type) == ScalarType.Float32
                ? Drawn(new Distributions.UniformSingle(from, to), generator)
                : Drawn(new Distributions.UniformDouble(from, to), generator);
        }

        /// <summary>Fills the tensor with 1, with probability p, and 0.</summary>
        public Tensor bernoulli_(double p = 0.5, Generator? generator = null)
        {
            if (!(p is >= 0 and <= 1)) throw new ExternalException($"bernoulli_ expects p to be in [0, 1], but got p={p}");
            return Drawn(new Distributions.Bernoulli(p), generator);
        }

        /// <summary>Fills each element with 1, with its own probability of <paramref name="p"/>, broadcast, and 0.</summary>
        public Tensor bernoulli_(Tensor p, Generator? generator = null)
        {
            ArgumentNullException.ThrowIfNull(p);
            using (IDisposable mode = no_grad())
            using (Tensor wide = p.expand(sizes), drawn = wide.bernoulli(generator)) return Refilled(drawn);
        }

        /// <summary>Fills the tensor from the exponential distribution of rate <paramref name="lambda"/>.</summary>
        public Tensor exponential_(double lambda = 1, Generator? generator = null)
        {
            if (!(lambda > 0)) throw new ExternalException($"exponential_ expects lambda > 0.0, but found lambda={lambda}");
            RequireFloating("exponential");
            return Drawn(new Distributions.Exponential(lambda), generator);
        }

        /// <summary>Fills the tensor with the number of trials until the first success.</summary>
        public Tensor geometric_(double p, Generator? generator = null)
        {
            if (!(p is > 0 and < 1)) throw new ExternalException($"geometric_ expects p to be in (0, 1), but got p={p}");
            return Drawn(new Distributions.Geometric(p), generator);
        }

        /// <summary>Fills the tensor from the Cauchy distribution.</summary>
        public Tensor cauchy_(double median = 0, double sigma = 1, Generator? generator = null)
        {
            if (!(sigma > 0)) throw new ExternalException($"cauchy_ expects sigma > 0.0, but found sigma={sigma}");
            if (!Dtypes.IsFloating(type)) throw new ExternalException($"Cauchy distribution is a continuous probability distribution. dtype must be a floating point but you specified {Names.Of(type)}");
            return Drawn(new Distributions.Cauchy(median, sigma), generator);
        }

        /// <summary>Fills the tensor with exponentials of normal draws.</summary>
        public Tensor log_normal_(double mean = 0, double std = 1, Generator? generator = null)
        {
            if (!(std > 0)) throw new ExternalException($"log_normal_ expects std > 0.0, but found std={std}");
            RequireFloating("log_normal");
            return Drawn(new Distributions.LogNormal(mean, std), generator);
        }

        /// <summary>Fills the tensor with whole numbers of [from, to).</summary>
        public Tensor random_(double from, double to, Generator? generator = null)
        {
            (long low, long high) = ((long)from, (long)to);
            if (low >= high) throw new ExternalException($"random_ expects 'from' to be less than 'to', but got from={low} >= to={high}");
            Before();
            Draws.Integers(this, generator, low, high);
            return After();
        }

        Tensor Drawn<TDraw>(TDraw draw, Generator? generator) where TDraw : struct, IDraw
        {
            Before();
            Draws.Fill(this, generator, draw);
            return After();
        }

        Tensor Refilled(Tensor values)
        {
            Before();
            Copy.Elements(values, this);
            return After();
        }

        void RequireFloating(string name)
        {
            if (!Dtypes.IsFloating(type)) throw new ExternalException($"\"{name}_cpu\" not implemented for '{Names.Of(type)}'");
        }

        void Before()
        {
            if (Tape.Records(this)) Tape.BeforeRecordedInPlace(this);
            Tape.BeforeInPlace(this);
        }

        Tensor After() => Tape.Records(this) ? Tape.Record(this, "RandomFillBackward", [this], [], (_, g) => [Tape.Zeros(g)]) : this;
    }
}
