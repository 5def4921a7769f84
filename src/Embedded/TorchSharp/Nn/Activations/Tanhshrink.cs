using System.Numerics;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>x - tanh(x).</summary>
    readonly struct TanhshrinkFunction : IActivation
    {
        public T Value<T>(T x) where T : unmanaged, IFloatingPointIeee754<T> => x - T.Tanh(x);

        public T Slope<T>(T x) where T : unmanaged, IFloatingPointIeee754<T>
        {
            T t = T.Tanh(x);
            return t * t;
        }

        public T Curve<T>(T x) where T : unmanaged, IFloatingPointIeee754<T>
        {
            T t = T.Tanh(x);
            return T.CreateTruncating(2) * t * (T.One - t * t);
        }
    }

    public static partial class nn
    {
        public static partial class functional
        {
            public static Tensor tanhshrink(Tensor x, bool inplace = false) => ActivationMap.Apply(x, default(TanhshrinkFunction), "tanhshrink", inplace);

            public static Tensor Tanhshrink(Tensor x) => tanhshrink(x);
        }
    }
}
