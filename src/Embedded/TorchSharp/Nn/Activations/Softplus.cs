using System.Numerics;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>log(1 + exp(beta x)) / beta, and x itself where beta x is above the threshold.</summary>
    readonly struct SoftplusFunction(double beta, double threshold) : IActivation
    {
        public T Value<T>(T x) where T : unmanaged, IFloatingPointIeee754<T>
        {
            T z = x * T.CreateTruncating(beta);
            return z > T.CreateTruncating(threshold) ? x : Accurate.Softplus(z) / T.CreateTruncating(beta);
        }

        public T Slope<T>(T x) where T : unmanaged, IFloatingPointIeee754<T>
        {
            T z = x * T.CreateTruncating(beta);
            return z > T.CreateTruncating(threshold) ? T.One : T.One / (T.One + T.Exp(-z));
        }

        public T Curve<T>(T x) where T : unmanaged, IFloatingPointIeee754<T>
        {
            T z = x * T.CreateTruncating(beta), s = T.One / (T.One + T.Exp(-z));
            return z > T.CreateTruncating(threshold) ? T.Zero : T.CreateTruncating(beta) * s * (T.One - s);
        }
    }

    public partial class Tensor
    {
        public Tensor softplus(double beta = 1, double threshold = 20) => ActivationMap.Apply(this, new SoftplusFunction(beta, threshold), "softplus_cpu");
    }

    public static partial class nn
    {
        public static partial class functional
        {
            public static Tensor softplus(Tensor x, double beta = 1, double threshold = 20) => x.softplus(beta, threshold);
        }
    }
}
