namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>Each element times 2 to the power of <paramref name="other"/>.</summary>
        public Tensor ldexp(Tensor other)
        {
            using Tensor power = other.exp2();
            return mul(power);
        }

        public Tensor ldexp_(Tensor other) => Replace(ldexp(other));
    }

    public static Tensor ldexp(Tensor input, Tensor other) => input.ldexp(other);

    public static Tensor ldexp_(Tensor input, Tensor other) => input.ldexp_(other);
}
