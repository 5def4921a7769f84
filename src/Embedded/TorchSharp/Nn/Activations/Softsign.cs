using System.Numerics;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>x / (1 + |x|).</summary>
    readonly struct SoftsignFunction : IActivation
    {
        public T Value<T>(T x) where T : unmanaged, IFloatingPointIeee754<T> => x / (T.One + T.Abs(x));

        public T Slope<T>(T x) where T : unmanaged, IFloatingPointIeee754<T>
        {
            T d = T.One + T.Abs(x);
            return T.One / (d * d);
        }

        public T Curve<T>(T x) where T : unmanaged, IFloatingPointIeee754<T>
        {
            T d = T.One + T.Abs(x), two = T.CreateTruncating(2);
            return (x > T.Zero ? -two : x < T.Zero ? two : x) / (d * d * d);
        }
    }

    public static partial class nn
    {
        public static partial class functional
        {
            public static Tensor softsign(Tensor x, bool inplace = false) => ActivationMap.Apply(x, default(SoftsignFunction), "softsign", inplace);

            public static Tensor Softsign(Tensor x) => softsign(x);
        }
    }
}
