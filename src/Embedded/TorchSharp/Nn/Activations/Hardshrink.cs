using System.Numerics;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>x, and 0 within lambda of 0.</summary>
    readonly struct HardshrinkFunction(double lambda) : IActivation
    {
        public T Value<T>(T x) where T : unmanaged, IFloatingPointIeee754<T> => x >= T.CreateTruncating(-lambda) && x <= T.CreateTruncating(lambda) ? T.Zero : x;

        public T Slope<T>(T x) where T : unmanaged, IFloatingPointIeee754<T> => x >= T.CreateTruncating(-lambda) && x <= T.CreateTruncating(lambda) ? T.Zero : T.One;

        public T Curve<T>(T x) where T : unmanaged, IFloatingPointIeee754<T> => T.Zero;
    }

    public static partial class nn
    {
        public static partial class functional
        {
            public static Tensor hardshrink(Tensor x, double lambda = 0.5) => ActivationMap.Apply(x, new HardshrinkFunction(lambda), "hardshrink_cpu");

            public static Tensor Hardshrink(Tensor x, double lambda = 0.5) => hardshrink(x, lambda);
        }
    }
}
