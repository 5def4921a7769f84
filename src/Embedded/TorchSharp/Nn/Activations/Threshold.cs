using System.Numerics;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>x above a threshold, another value elsewhere.</summary>
    readonly struct ThresholdFunction(double threshold, double value) : IActivation
    {
        public T Value<T>(T x) where T : unmanaged, IFloatingPointIeee754<T> => x <= T.CreateTruncating(threshold) ? T.CreateTruncating(value) : x;

        public T Slope<T>(T x) where T : unmanaged, IFloatingPointIeee754<T> => x <= T.CreateTruncating(threshold) ? T.Zero : T.One;

        public T Curve<T>(T x) where T : unmanaged, IFloatingPointIeee754<T> => T.Zero;
    }

    public partial class Tensor
    {
        public Tensor threshold(Scalar threshold, Scalar value) => ActivationMap.Apply(this, new ThresholdFunction(threshold.Real, value.Real), "threshold_cpu");

        public Tensor threshold_(Scalar threshold, Scalar value) => ActivationMap.Apply(this, new ThresholdFunction(threshold.Real, value.Real), "threshold_cpu", true);
    }

    public static partial class nn
    {
        public static partial class functional
        {
            public static Tensor threshold(Tensor x, double threshold, double value, bool inplace = false) => inplace ? x.threshold_(threshold, value) : x.threshold(threshold, value);

            public static Tensor Threshold(Tensor x, double threshold, double value, bool inplace = false) => nn.functional.threshold(x, threshold, value, inplace);
        }
    }
}
