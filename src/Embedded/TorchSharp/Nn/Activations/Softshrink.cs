using System.Numerics;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>x moved towards 0 by lambda, and 0 within it.</summary>
    readonly struct SoftshrinkFunction(double lambda) : IActivation
    {
        public T Value<T>(T x) where T : unmanaged, IFloatingPointIeee754<T> => x > T.CreateTruncating(lambda) ? x - T.CreateTruncating(lambda) : x < T.CreateTruncating(-lambda) ? x + T.CreateTruncating(lambda) : T.IsNaN(x) ? x : T.Zero;

        public T Slope<T>(T x) where T : unmanaged, IFloatingPointIeee754<T> => x >= T.CreateTruncating(-lambda) && x <= T.CreateTruncating(lambda) ? T.Zero : T.One;

        public T Curve<T>(T x) where T : unmanaged, IFloatingPointIeee754<T> => T.Zero;
    }

    public static partial class nn
    {
        public static partial class functional
        {
            public static Tensor softshrink(Tensor x, double lambda = 0.5) => lambda >= 0
                ? ActivationMap.Apply(x, new SoftshrinkFunction(lambda), "softshrink_cpu")
                : throw new System.Runtime.InteropServices.ExternalException($"lambda must be greater or equal to 0, but found to be {lambda}.");

            public static Tensor Softshrink(Tensor x, double lambda = 0.5) => softshrink(x, lambda);
        }
    }
}
