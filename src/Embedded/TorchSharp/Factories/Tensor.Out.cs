namespace TorchSharp;

public static partial class torch
{
    /// <summary>Fills this very tensor anew; it takes the shape that is given.</summary>
    public partial class Tensor
    {
        public Tensor arange_out(Scalar start, Scalar stop, Scalar step) => Refill(arange(start, stop, step, type));

        public Tensor rand_out(params long[] sizes) => Refill(New.Uniform(sizes, null, type, null, false));

        public Tensor randn_out(params long[] sizes) => Refill(New.Normal(sizes, null, type, null, false));

        public Tensor randint_out(long high, long[] sizes) => Refill(randint(0, high, sizes, type));

        public Tensor randperm_out(long n) => Refill(randperm(n, type));

        internal Tensor Refill(Tensor result)
        {
            using (result)
            {
                Autograd.Tape.BeforeInPlace(this);
                if (sizes.AsSpan().SequenceEqual(result.sizes)) Copy.Elements(result, this);
                else TakeOver(result);
                return this;
            }
        }

        /// <summary>Becomes a window on another tensor's memory, of its shape and type.</summary>
        internal void TakeOver(Tensor other)
        {
            TensorBuffer old = buffer!;
            buffer = other.buffer!.Retain();
            (offset, sizes, strides, type) = (other.offset, other.sizes, other.strides, other.type);
            old.Release();
        }
    }

    public static Tensor rand_out(Tensor input, params long[] sizes) => input.rand_out(sizes);

    public static Tensor randint_out(Tensor input, long high, long[] sizes) => input.randint_out(high, sizes);

    public static Tensor randperm_out(Tensor input, long n) => input.randperm_out(n);
}
