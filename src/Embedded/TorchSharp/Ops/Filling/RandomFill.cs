using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>Fills the tensor from the normal distribution.</summary>
        public Tensor normal_(double mean = 0, double std = 1, Generator? generator = null)
        {
            Tape.BeforeInPlace(this);
            Draws.Normal(this, generator, mean, std);
            return this;
        }

        /// <summary>Fills the tensor evenly from [from, to).</summary>
        public Tensor uniform_(double from, double to, Generator? generator = null)
        {
            Tape.BeforeInPlace(this);
            Draws.Uniform(this, generator, from, to);
            return this;
        }

        /// <summary>Fills the tensor with 1, with probability p, and 0.</summary>
        public Tensor bernoulli_(double p = 0.5, Generator? generator = null)
        {
            Tape.BeforeInPlace(this);
            Draws.Bernoulli(this, generator, p);
            return this;
        }
    }
}
