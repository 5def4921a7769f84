using System.Numerics;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>x tanh(log(1 + exp(x))) (Misra 2019).</summary>
    readonly struct MishFunction : IActivation
    {
        public T Value<T>(T x) where T : unmanaged, IFloatingPointIeee754<T> => x * T.Tanh(Accurate.Softplus(x));

        public T Slope<T>(T x) where T : unmanaged, IFloatingPointIeee754<T>
        {
            T t = T.Tanh(Accurate.Softplus(x)), s = T.One / (T.One + T.Exp(-x));
            return t + x * s * (T.One - t * t);
        }

        public T Curve<T>(T x) where T : unmanaged, IFloatingPointIeee754<T>
        {
            T t = T.Tanh(Accurate.Softplus(x)), s = T.One / (T.One + T.Exp(-x)), two = T.CreateTruncating(2);
            return s * (T.One - t * t) * (two + x * (T.One - s) - two * x * s * t);
        }
    }

    public static partial class nn
    {
        public static partial class functional
        {
            public static Tensor mish(Tensor x, bool inplace = false) => ActivationMap.Apply(x, default(MishFunction), "mish_cpu", inplace);

            public static Tensor Mish(Tensor x) => mish(x);
        }
    }
}
