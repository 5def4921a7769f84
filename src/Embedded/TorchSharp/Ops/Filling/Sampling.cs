using System.Runtime.InteropServices;
using TorchSharp.Autograd;
using TorchSharp.Random;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>1 with each element's probability, otherwise 0.</summary>
        public unsafe Tensor bernoulli(Generator? generator = null)
        {
            if (!Dtypes.IsFloating(type)) throw new ExternalException($"\"bernoulli_tensor_cpu_p_\" not implemented for '{Names.Of(type)}'");
            return Sampled("BernoulliBackward", generator, (p, n, seed, start) =>
            {
                for (long i = 0; i < n; i++)
                {
                    if (!(p[i] is >= 0 and <= 1)) throw new ExternalException("Expected p_in >= 0 && p_in <= 1 to be true, but got false.  (Could this error message be improved?  If so, please report an enhancement request to PyTorch.)");
                    p[i] = Distributions.Unit(Philox.Long(seed, start + (ulong)i)) < p[i] ? 1 : 0;
                }
            });
        }

        /// <summary>Counts with each element as their rate.</summary>
        public unsafe Tensor poisson(Generator? generator = null)
        {
            if (!Dtypes.IsFloating(type)) throw new ExternalException($"\"poisson_cpu\" not implemented for '{Names.Of(type)}'");
            return Sampled("PoissonBackward", generator, (rate, n, seed, start) =>
            {
                for (long i = 0; i < n; i++)
                {
                    if (rate[i] < 0) throw new ExternalException("invalid Poisson rate, expected rate to be non-negative");
                    rate[i] = Counts.Poisson(rate[i], seed, start + (ulong)i);
                }
            });
        }

        /// <summary>Successes of this many trials, each with a probability of <paramref name="prob"/>, broadcast.</summary>
        public unsafe Tensor binomial(Tensor prob, Generator? generator = null)
        {
            ArgumentNullException.ThrowIfNull(prob);
            if (type != prob.type) throw new ExternalException($"Found dtype {Names.Of(prob.type)} but expected {Names.Of(type)}");
            if (!Dtypes.IsFloating(type)) throw new ExternalException($"\"binomial_cpu\" not implemented for '{Names.Of(type)}'");
            long[] shape = Shapes.Broadcast(sizes, prob.sizes);
            using Tensor wide = Window(offset, shape, Shapes.ExpandedStrides(this, shape), false), probabilities = prob.Window(prob.offset, shape, Shapes.ExpandedStrides(prob, shape), false);
            using Tensor doubles = Elementwise.As(probabilities, ScalarType.Float64), dense = doubles.Dense();
            double* p = dense.Ptr<double>();
            Tensor result = wide.Sampled("BinomialBackward", generator, (count, n, seed, start) =>
            {
                for (long i = 0; i < n; i++) count[i] = Counts.Binomial(count[i], p[i], seed, start + (ulong)i);
            });
            return Tape.Records(this, prob) ? Tape.Record(result, "BinomialBackward", [this, prob], [], (_, g) => [Tape.SumTo(Tape.Zeros(g), sizes), null]) : result;
        }

        unsafe delegate void Sampler(double* values, long count, ulong seed, ulong start);

        /// <summary>A tensor of this shape and type whose elements the sampler makes of this tensor's.</summary>
        unsafe Tensor Sampled(string name, Generator? generator, Sampler sampler)
        {
            (ulong seed, ulong start) = (generator ?? Generator.Default).Take(Count * 4);
            using Tensor values = Create(sizes, ScalarType.Float64, false);
            Copy.Elements(this, values);
            sampler(values.Ptr<double>(), Count, seed, start);
            Tensor result = Create(sizes, type);
            Copy.Elements(values, result);
            return Tape.Records(this) ? Tape.Record(result, name, [this], [], (_, g) => [Tape.Zeros(g)]) : result;
        }

        /// <summary>
        /// Places of the last dimension drawn by its weights, which need not add up to 1. Without replacement, the places are
        /// those of the largest weights divided by exponential draws, so that none comes twice.
        /// </summary>
        public unsafe Tensor multinomial(long num_samples, bool replacement = false, Generator? generator = null)
        {
            if (!Dtypes.IsFloating(type)) throw new ExternalException($"multinomial only supports floating-point dtypes for input, got: {Names.Of(type)}");
            if (num_samples <= 0) throw new ExternalException("cannot sample n_sample <= 0 samples");
            if (Rank is not (1 or 2)) throw new ExternalException("prob_dist must be 1 or 2 dim");
            long n = sizes[^1], rows = Rank == 2 ? sizes[0] : 1;
            if (!replacement && num_samples > n) throw new ExternalException("cannot sample n_sample > prob_dist.size(-1) samples without replacement");
            using Tensor weights = Create(sizes, ScalarType.Float64, false);
            Copy.Elements(this, weights);
            (ulong seed, ulong start) = (generator ?? Generator.Default).Take(rows * Math.Max(n, num_samples) * 4);
            Tensor result = Create(Rank == 2 ? [rows, num_samples] : [num_samples], ScalarType.Int64);
            for (long r = 0; r < rows; r++)
            {
                var row = new Span<double>(weights.Ptr<double>() + (r * n), (int)n);
                var to = new Span<long>(result.Ptr<long>() + (r * num_samples), (int)num_samples);
                double total = 0;
                foreach (double w in row)
                {
                    if (!(w >= 0) || double.IsInfinity(w)) throw new ExternalException("probability tensor contains either `inf`, `nan` or element < 0");
                    total += w;
                }

                if (total <= 0) throw new ExternalException("invalid multinomial distribution (sum of probabilities <= 0)");
                ulong first = start + (ulong)(r * Math.Max(n, num_samples));
                if (replacement) Drawing.WithReplacement(row, total, to, seed, first);
                else Drawing.WithoutReplacement(row, to, seed, first);
            }

            return result;
        }
    }

    public static Tensor bernoulli(Tensor input, Generator? generator = null) => input.bernoulli(generator);

    public static Tensor poisson(Tensor input, Generator? generator = null) => input.poisson(generator);

    public static Tensor binomial(Tensor count, Tensor probs, Generator? generator = null) => count.binomial(probs, generator);

    public static Tensor multinomial(Tensor input, long num_samples, bool replacement = false, Generator? generator = null) => input.multinomial(num_samples, replacement, generator);
}
